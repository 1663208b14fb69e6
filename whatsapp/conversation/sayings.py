"""What players say for each word that works everywhere; without accents and marks, as `spoken` leaves it."""

from __future__ import annotations

from typing import NamedTuple

from whatsapp.conversation.states import Word


class Sayings(NamedTuple):
    """Phrases with a bar between them; `everywhere` are those that belong to no language alone."""

    meaning: Word
    es: str = ""
    pt: str = ""
    en: str = ""
    everywhere: str = ""


SAYINGS = (
    Sayings(
        Word.HELLO,
        es="hola|buenas|buen dia|buenos dias|buenas tardes|buenas noches|que tal|como estas"
        "|como esta|como andas|como va|mbaeichapa|mba eichapa",
        pt="oi|ola|bom dia|boa tarde|boa noite|tudo bem|oi tudo bem|como vai",
        en="hi|hello|hey|good morning|good afternoon|good evening|hi there|hello there|how are you",
    ),
    Sayings(
        Word.MENU,
        everywhere="menu",
        es="inicio|volver|menu principal",
        pt="voltar|inicio|menu principal",
        en="back|home|main menu",
    ),
    Sayings(
        Word.HELP,
        everywhere="?|info",
        es="ayuda|como funciona|socorro|necesito ayuda|como compro|como participo|como se juega",
        pt="ajuda|como funciona|socorro|preciso de ajuda|como compro|como comprar|como participo",
        en="help|how does it work|i need help|how do i buy|how to buy",
    ),
    Sayings(
        Word.RAFFLES,
        es="rifas|rifa|ver rifas|sorteos|sorteo|comprar|quiero comprar|quiero una rifa"
        "|quiero ver las rifas|las rifas|que rifas hay|que rifas tienen|ver las rifas"
        "|quiero jugar|quiero comprar una rifa|otras rifas|comprar numeros",
        pt="rifas|rifa|ver rifas|sorteios|sorteio|comprar|quero comprar|quero uma rifa|as rifas"
        "|ver as rifas|quais rifas tem|que rifas tem|quero jogar|quero ver as rifas"
        "|quero comprar uma rifa|outras rifas|comprar numeros",
        en="raffles|raffle|browse|buy|browse raffles|i want to buy|i want a raffle|show raffles"
        "|which raffles are there|i want to play|show me the raffles|other raffles|buy numbers",
    ),
    Sayings(
        Word.ORDERS,
        es="mis pedidos|mi pedido|pedidos|pedido|mis numeros|mis rifas|mis boletos|ver mis numeros"
        "|quiero ver mis numeros|quiero ver mis pedidos"
        "|ver mis pedidos|cuales son mis numeros|que numeros tengo|cuales eran mis numeros"
        "|que numeros compre|mi numero",
        pt="meus pedidos|meu pedido|pedidos|pedido|meus numeros|minhas rifas|meus bilhetes"
        "|ver meus numeros|quero ver meus numeros|ver meus pedidos|quais sao meus numeros"
        "|quais sao os meus numeros"
        "|que numeros eu tenho|meu numero",
        en="my orders|my order|orders|order|my numbers|my tickets|my raffles|show my numbers"
        "|i want to see my numbers"
        "|show my orders|what are my numbers|which numbers do i have|which are my numbers"
        "|my number",
    ),
    Sayings(
        Word.TERMS,
        es="precio|precios|cuanto|cuanto sale|cuanto cuesta|cuanto vale|cuanto es"
        "|cuanto sale cada numero|que precio tiene|cuanto sale el numero|cuando es"
        "|cuando es el sorteo|cuando se sortea|cuando sortean|fecha del sorteo"
        "|que dia es el sorteo|a que hora es el sorteo|cual es el premio|que se sortea",
        pt="preco|precos|quanto|quanto custa|quanto e|quanto vale|qual o preco|qual e o preco"
        "|quanto custa cada numero|quando e|quando e o sorteio|quando sai o sorteio"
        "|data do sorteio|que dia e o sorteio|qual e o premio|qual o premio",
        en="price|prices|how much|how much is it|how much does it cost|what does it cost"
        "|what is the price|when is it|when is the draw|when is it drawn|date of the draw"
        "|what is the prize",
    ),
    Sayings(
        Word.PAY,
        es="pagar|como pago|quiero pagar|como puedo pagar|como se paga|donde pago|a donde pago"
        "|donde transfiero|a donde transfiero|adonde transfiero|cuenta|numero de cuenta"
        "|cual es la cuenta|cual es el numero de cuenta|datos|datos de pago|datos para pagar"
        "|datos bancarios|datos para transferir|alias",
        pt="pagar|como pago|quero pagar|como posso pagar|como se paga|onde pago|para onde transfiro"
        "|conta|qual e a conta|numero da conta|dados|dados de pagamento|dados para pagar"
        "|dados bancarios|pix|chave pix|qual e o pix|qual o pix",
        en="pay|how to pay|how do i pay|i want to pay|where do i pay|account|account number"
        "|bank details|payment details",
    ),
    Sayings(
        Word.PAID,
        es="pague|ya pague|ya lo pague|listo ya pague|ya transferi|transferi|ya deposite"
        "|ya hice la transferencia|ya esta pago|ya esta pagado|pagado|recibieron mi pago"
        "|comprobante",
        pt="paguei|ja paguei|ja transferi|ja fiz o pix|fiz o pix|ja depositei|ja fiz a transferencia"
        "|ja esta pago|receberam meu pagamento|comprovante",
        en="paid|i paid|i have paid|i already paid|already paid|i ve paid|i sent the money"
        "|did you get my payment|receipt",
    ),
    Sayings(
        Word.THANKS,
        es="gracias|muchas gracias|mil gracias|muchisimas gracias|ok gracias|listo gracias"
        "|dale gracias|aguyje|perfecto gracias|genial gracias",
        pt="obrigado|obrigada|muito obrigado|muito obrigada|valeu|ok obrigado|ok obrigada",
        en="thanks|thank you|thank you very much|many thanks|ok thanks|ok thank you|thx",
    ),
    Sayings(
        Word.JOIN,
        es="participar|quiero participar",
        pt="participar|quero participar",
        en="join",
    ),
    Sayings(
        Word.VERIFY,
        es="verificar|comprobar|verificar mis numeros|quiero verificar|quiero verificar mis numeros"
        "|como verifico|como verifico mis numeros|comprobar mis numeros",
        pt="verificar|conferir|verificar meus numeros|quero verificar|quero conferir"
        "|quero verificar meus numeros|conferir meus numeros|como verifico|como confiro",
        en="verify|verify my numbers|i want to verify|i want to verify my numbers|how do i verify"
        "|check my numbers",
    ),
    Sayings(
        Word.RESULTS,
        es="resultados|resultado|ganadores|ganador|quien gano|quienes ganaron|quien salio"
        "|que numero salio|que numero gano|numero ganador|ya se sorteo",
        pt="resultados|resultado|ganhadores|ganhador|quem ganhou|que numero saiu|que numero ganhou"
        "|qual numero ganhou|numero ganhador|ja sorteou",
        en="results|result|winners|winner|who won|which number won|what number won|winning number",
    ),
    Sayings(
        Word.PRIZE,
        es="premio|premios|mi premio|gane|gane algo|yo gane",
        pt="premio|premios|meu premio|ganhei|eu ganhei",
        en="prize|prizes|my prize|did i win|have i won|i won",
    ),
    Sayings(
        Word.HIDE,
        es="ocultar|esconder",
        pt="ocultar|esconder",
        en="hide",
    ),
    Sayings(
        Word.CONFIRM,
        es="confirmar|confirmo|confirma|confirmado|lo confirmo|si confirmo|ok confirmo|dale confirmo"
        "|si confirmar",
        pt="confirmar|confirmo|confirma|confirmado|sim confirmo|ok confirmo|sim confirmar",
        en="confirm|confirmed|i confirm|yes confirm|confirm it|ok confirm",
    ),
    Sayings(
        Word.CHANGE,
        es="cambiar|otros|otros numeros",
        pt="mudar|trocar|outros|outros numeros",
        en="change|others|other numbers",
    ),
    Sayings(
        Word.CANCEL,
        es="cancelar|cancela|anular",
        pt="cancelar|cancela|anular",
        en="cancel",
    ),
    Sayings(
        Word.SKIP,
        es="despues|mas tarde|pagar despues|luego",
        pt="depois|mais tarde|pagar depois",
        en="skip|later|pay later",
    ),
    Sayings(
        Word.LANGUAGE,
        es="idioma|lengua",
        pt="idioma|lingua",
        en="language|languages",
    ),
    Sayings(
        Word.SPANISH,
        everywhere="espanol|spanish|espanhol|castellano",
    ),
    Sayings(
        Word.PORTUGUESE,
        everywhere="portugues|portuguese",
    ),
    Sayings(
        Word.ENGLISH,
        everywhere="english|ingles",
    ),
    Sayings(
        Word.STOP,
        everywhere="stop",
        es="baja|parar|no molestar|darme de baja|quiero darme de baja|no quiero mas mensajes"
        "|no me escriban mas|no me escriban|no me manden mas mensajes"
        "|no quiero recibir mas mensajes|dejen de escribirme",
        pt="parar|sair|descadastrar|nao quero mais mensagens|nao me escrevam mais"
        "|nao me mandem mais mensagens|nao quero receber mais mensagens|parem de me escrever",
        en="unsubscribe|opt out|no more messages|i do not want more messages"
        "|i don t want more messages|stop writing to me|stop messaging me|do not write to me"
        "|don t write to me",
    ),
    Sayings(
        Word.START,
        es="alta|reanudar",
        pt="retomar|voltar a receber",
        en="start|subscribe|resume",
    ),
    Sayings(
        Word.AGENT,
        es="agente|asesor|persona|una persona|humano|operador|hablar con una persona"
        "|quiero hablar con una persona|hablar con alguien|quiero hablar con alguien"
        "|necesito hablar con alguien|puedo hablar con alguien|hablar con un asesor"
        "|quiero hablar con un asesor|quiero hablar con un humano|atencion al cliente|reclamo",
        pt="agente|atendente|pessoa|uma pessoa|humano|operador|falar com uma pessoa"
        "|quero falar com uma pessoa|falar com alguem|quero falar com alguem"
        "|preciso falar com alguem|posso falar com alguem|falar com um atendente"
        "|quero falar com um atendente|atendimento|reclamacao",
        en="agent|person|a person|human|operator|talk to a person|i want to talk to a person"
        "|talk to someone|i want to talk to someone|can i talk to someone|speak to someone"
        "|talk to a human|customer service|complaint",
    ),
)
# Answers to a question that was just asked; anywhere else they mean nothing.
YES = (
    "si|sip|sim|yes|yeah|yep|ok|okay|oka|okey|dale|si dale|ok dale|claro|de acuerdo|esta bien|correcto"
    "|isso|certo|combinado|tudo certo|sure|correct|si cancelar|sim cancelar|yes cancel it"
)
NO = "no|nao|nope|nop"
