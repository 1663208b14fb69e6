from __future__ import annotations

from whatsapp.templates.wordings.wording import Wording

# What may be shown of a winner, as the bubble asks it.
WHAT_TO_SHOW = {
    "es": ("Nada", "Un nombre", "Mi ciudad"),
    "pt_BR": ("Nada", "Um nome", "Minha cidade"),
    "en": ("Nothing", "A name", "My city"),
}

DRAWS = (
    Wording(
        key="draw_won",
        version=2,
        bodies={
            "es": (
                "Resultado del sorteo *{{title}}*: salió tu número *{{number}}*.\n"
                "Premio: {{prize}}\n"
                "Para no perder lo que ganaste, escribe *premio* o toca un botón hasta el {{deadline}}.\n"
                "En la página del sorteo se ve solo tu número. ¿Qué más podemos mostrar de ti?"
            ),
            "pt_BR": (
                "Resultado do sorteio *{{title}}*: saiu o seu número *{{number}}*.\n"
                "Prêmio: {{prize}}\n"
                "Para não perder o que ganhou, escreva *prêmio* ou toque num botão até {{deadline}}.\n"
                "Na página do sorteio aparece só o seu número. O que mais podemos mostrar de você?"
            ),
            "en": (
                "Result of the draw *{{title}}*: your number *{{number}}* was drawn.\n"
                "Prize: {{prize}}\n"
                "So that you do not lose it, write *prize* or press a button by {{deadline}}.\n"
                "The page of the draw shows only your number. What else may we show of you?"
            ),
        },
        buttons=WHAT_TO_SHOW,
    ),
    Wording(
        key="draw_not_won",
        version=2,
        bodies={
            "es": (
                "Ya se sorteó *{{title}}*, donde tenías números. Resultado: {{result}}\n"
                "Esta vez no fue ninguno de los tuyos. Mira y comprueba el sorteo: {{link}}\n"
                "¡Gracias por participar!"
            ),
            "pt_BR": (
                "O sorteio *{{title}}*, em que você tinha números, já foi feito. Resultado: {{result}}\n"
                "Desta vez não foi nenhum dos seus. Veja e confira o sorteio: {{link}}\n"
                "Obrigado por participar!"
            ),
            "en": (
                "The draw *{{title}}*, in which you had numbers, was held. Result: {{result}}\n"
                "This time it was none of yours. See and check the draw: {{link}}\n"
                "Thank you for taking part!"
            ),
        },
    ),
    Wording(
        key="prize_passed_on",
        version=1,
        bodies={
            "es": (
                "Un premio del sorteo *{{title}}* quedó libre y tu número *{{number}}* es el siguiente.\n"
                "Premio: {{prize}}\n"
                "Para no perderlo, escribe *premio* o toca un botón hasta el {{deadline}}.\n"
                "En la página del sorteo se ve solo tu número. ¿Qué más podemos mostrar de ti?"
            ),
            "pt_BR": (
                "Um prêmio do sorteio *{{title}}* ficou livre e o seu número *{{number}}* é o próximo.\n"
                "Prêmio: {{prize}}\n"
                "Para não perdê-lo, escreva *prêmio* ou toque num botão até {{deadline}}.\n"
                "Na página do sorteio aparece só o seu número. O que mais podemos mostrar de você?"
            ),
            "en": (
                "A prize of the draw *{{title}}* became free, and your number *{{number}}* is the next one.\n"
                "Prize: {{prize}}\n"
                "So that you do not lose it, write *prize* or press a button by {{deadline}}.\n"
                "The page of the draw shows only your number. What else may we show of you?"
            ),
        },
        buttons=WHAT_TO_SHOW,
    ),
    Wording(
        key="prize_lost",
        version=1,
        bodies={
            "es": (
                "Se acabó el plazo para reclamar tu premio del sorteo *{{title}}* (número *{{number}}*).\n"
                "Premio: {{prize}}\n"
                "Ya no podemos entregártelo. Si crees que hay un error, responde a este mensaje."
            ),
            "pt_BR": (
                "Acabou o prazo para reclamar o seu prêmio do sorteio *{{title}}* (número *{{number}}*).\n"
                "Prêmio: {{prize}}\n"
                "Não podemos mais entregá-lo. Se acha que há um erro, responda a esta mensagem."
            ),
            "en": (
                "The time to claim your prize of the draw *{{title}}* (number *{{number}}*) is over.\n"
                "Prize: {{prize}}\n"
                "We cannot hand it over any more. If you think this is wrong, please reply to this message."
            ),
        },
    ),
    Wording(
        key="prize_handed_over",
        version=1,
        bodies={
            "es": (
                "Anotamos que recibiste tu premio del sorteo *{{title}}* (número *{{number}}*).\n"
                "Premio: {{prize}}\n"
                "¡Que lo disfrutes! Si no lo recibiste, responde a este mensaje."
            ),
            "pt_BR": (
                "Anotamos que você recebeu o seu prêmio do sorteio *{{title}}* (número *{{number}}*).\n"
                "Prêmio: {{prize}}\n"
                "Aproveite! Se não o recebeu, responda a esta mensagem."
            ),
            "en": (
                "We have noted that you received your prize of the draw *{{title}}* (number *{{number}}*).\n"
                "Prize: {{prize}}\n"
                "Enjoy it! If you have not received it, please reply to this message."
            ),
        },
    ),
    Wording(
        key="rule_changed",
        version=1,
        bodies={
            "es": (
                "Cambió la regla del sorteo *{{title}}*, para el que tienes números pagados. "
                "Motivo: {{reason}}\n"
                "Fecha del sorteo: {{draw}}\n"
                "Tus números siguen siendo tuyos. Todo está publicado en {{link}} para que lo compruebes."
            ),
            "pt_BR": (
                "A regra do sorteio *{{title}}*, em que você tem números pagos, mudou. "
                "Motivo: {{reason}}\n"
                "Data do sorteio: {{draw}}\n"
                "Os seus números continuam seus. Tudo está publicado em {{link}} para você conferir."
            ),
            "en": (
                "The rule of the draw *{{title}}*, for which you have paid numbers, has changed. "
                "Reason: {{reason}}\n"
                "Date of the draw: {{draw}}\n"
                "Your numbers stay yours. Everything is published at {{link}} for you to check."
            ),
        },
    ),
    Wording(
        key="draw_called_off",
        version=1,
        bodies={
            "es": (
                "El sorteo *{{title}}*, para el que tienes números, fue cancelado. Motivo: {{reason}}\n"
                "Lo que pagaste por ellos se devuelve, y te escribimos sobre tu pedido. "
                "Todo está publicado en {{link}} para que lo compruebes."
            ),
            "pt_BR": (
                "O sorteio *{{title}}*, em que você tem números, foi cancelado. Motivo: {{reason}}\n"
                "O que você pagou por eles é devolvido, e escrevemos sobre o seu pedido. "
                "Tudo está publicado em {{link}} para você conferir."
            ),
            "en": (
                "The draw *{{title}}*, for which you have numbers, was called off. Reason: {{reason}}\n"
                "What you have paid for them is given back, and we write to you about your order. "
                "Everything is published at {{link}} for you to check."
            ),
        },
    ),
)
