"""The words that work everywhere, in every language, and which language they give away."""

from __future__ import annotations

import unicodedata

from whatsapp.conversation.states import Word

ES, PT, EN = "es", "pt-br", "en"
LONGEST = 60

# Spoken word -> (what it means, the languages it may belong to). A word of one language only tells the
# player's language; one of several tells nothing.
WORDS: dict[str, tuple[Word, tuple[str, ...]]] = {}
# Behind these a code says which raffle is meant, and so many words may stand between:
# "participar en la rifa MOTO".
WITH_CODE = {Word.JOIN: 3, Word.VERIFY: 0, Word.PRIZE: 0}


def _add(meaning: Word, *, es: str = "", pt: str = "", en: str = "", any_language: str = "") -> None:
    for spoken in any_language.split("|"):
        if spoken:
            WORDS[spoken] = (meaning, (ES, PT, EN))
    for language, spoken_words in ((ES, es), (PT, pt), (EN, en)):
        for spoken in filter(None, spoken_words.split("|")):
            known = WORDS.get(spoken, (meaning, ()))
            WORDS[spoken] = (meaning, (*known[1], language))


_add(
    Word.HELLO,
    es="hola|buenas|buen dia|buenos dias|buenas tardes|buenas noches",
    pt="oi|ola|bom dia|boa tarde|boa noite",
    en="hi|hello|hey|good morning|good afternoon|good evening",
)
_add(
    Word.MENU,
    any_language="menu",
    es="inicio|volver|menu principal",
    pt="voltar|inicio|menu principal",
    en="back|home|main menu",
)
_add(
    Word.HELP,
    any_language="?|info",
    es="ayuda|como funciona|socorro",
    pt="ajuda|como funciona|socorro",
    en="help|how does it work",
)
_add(
    Word.RAFFLES,
    es="rifas|rifa|ver rifas|sorteos|sorteo|comprar",
    pt="rifas|rifa|ver rifas|sorteios|sorteio|comprar",
    en="raffles|raffle|browse|buy|browse raffles",
)
_add(
    Word.ORDERS,
    es="mis pedidos|mi pedido|pedidos|pedido|mis numeros|mis rifas|mis boletos",
    pt="meus pedidos|meu pedido|pedidos|pedido|meus numeros|minhas rifas|meus bilhetes",
    en="my orders|my order|orders|order|my numbers|my tickets|my raffles",
)
_add(Word.JOIN, es="participar|quiero participar", pt="participar|quero participar", en="join")
_add(
    Word.VERIFY,
    es="verificar|comprobar|verificar mis numeros",
    pt="verificar|conferir|verificar meus numeros",
    en="verify|verify my numbers",
)
_add(
    Word.RESULTS,
    es="resultados|resultado|ganadores",
    pt="resultados|resultado|ganhadores",
    en="results|result|winners",
)
_add(Word.PRIZE, es="premio|premios|mi premio", pt="premio|premios|meu premio", en="prize|prizes|my prize")
_add(Word.HIDE, es="ocultar|esconder", pt="ocultar|esconder", en="hide")
_add(Word.CONFIRM, es="confirmar|confirmo|confirma", pt="confirmar|confirmo|confirma", en="confirm|confirmed")
_add(
    Word.CHANGE,
    es="cambiar|otros|otros numeros",
    pt="mudar|trocar|outros|outros numeros",
    en="change|others|other numbers",
)
_add(Word.CANCEL, es="cancelar|cancela|anular", pt="cancelar|cancela|anular", en="cancel")
_add(
    Word.SKIP,
    es="despues|mas tarde|pagar despues|luego",
    pt="depois|mais tarde|pagar depois",
    en="skip|later|pay later",
)
_add(Word.LANGUAGE, es="idioma|lengua", pt="idioma|lingua", en="language|languages")
_add(Word.SPANISH, any_language="espanol|spanish|espanhol|castellano")
_add(Word.PORTUGUESE, any_language="portugues|portuguese")
_add(Word.ENGLISH, any_language="english|ingles")
_add(
    Word.STOP,
    any_language="stop",
    es="baja|parar|no molestar",
    pt="parar|sair|descadastrar",
    en="unsubscribe|opt out",
)
_add(Word.START, es="alta|reanudar", pt="retomar|voltar a receber", en="start|subscribe|resume")
_add(
    Word.AGENT,
    es="agente|asesor|persona|humano|operador|hablar con una persona",
    pt="agente|atendente|pessoa|humano|operador|falar com uma pessoa",
    en="agent|person|human|operator|talk to a person",
)


def meaning_of(text: str) -> tuple[Word, tuple[str, ...]] | None:
    """What the whole text means as a word that works everywhere; None when it is anything else."""
    if len(text) > LONGEST:
        return None
    said = spoken(text)
    return WORDS.get(said) or _with_code(said)


def code_in(text: str) -> str:
    """The code behind a word that takes one; empty where the word stands alone."""
    said = spoken(text)
    return said.split()[-1].upper() if len(text) <= LONGEST and said not in WORDS and _with_code(said) else ""


def _with_code(said: str) -> tuple[Word, tuple[str, ...]] | None:
    """The words before the code: the longest that mean something, and what may stand between."""
    *words, _code = _without_greeting(said.split()) or [""]
    for length in range(len(words), 0, -1):
        known = WORDS.get(" ".join(words[:length]))
        if known and len(words) - length <= WITH_CODE.get(known[0], -1):
            return known
    return None


def _without_greeting(words: list[str]) -> list[str]:
    """Who opens the chat from a link often greets before the text that is ready there."""
    for length in (2, 1):
        meaning, _languages = WORDS.get(" ".join(words[:length]), (None, ()))
        if meaning == Word.HELLO:
            return words[length:]
    return words


def spoken(text: str) -> str:
    """Lower case, without accents, marks and emoji: « ¡Menú! 🙂 » is "menu". A lone "?" stays."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() else " "
        for character in flat
        if not unicodedata.combining(character)
    )
    return " ".join(kept.split()) or ("?" if "?" in text else "")
