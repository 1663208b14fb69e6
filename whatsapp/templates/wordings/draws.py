from __future__ import annotations

from whatsapp.templates.wordings.wording import Wording

DRAWS = (
    Wording(
        key="draw_won",
        version=1,
        bodies={
            "es": (
                "Resultado del sorteo *{{title}}*: salió el número *{{number}}*, de tu pedido *{{code}}*.\n"
                "Premio: {{prize}}\n"
                "Responde a este mensaje para acordar la entrega."
            ),
            "pt_BR": (
                "Resultado do sorteio *{{title}}*: saiu o número *{{number}}*, do seu pedido *{{code}}*.\n"
                "Prêmio: {{prize}}\n"
                "Responda a esta mensagem para combinar a entrega."
            ),
            "en": (
                "Result of the draw *{{title}}*: number *{{number}}* of your order *{{code}}* was drawn.\n"
                "Prize: {{prize}}\n"
                "Please reply to this message to arrange the handover."
            ),
        },
    ),
    Wording(
        key="draw_not_won",
        version=1,
        bodies={
            "es": (
                "Resultado del sorteo *{{title}}*, en el que participa tu pedido *{{code}}*: "
                "salió el número *{{number}}*. Esta vez no fue uno de los tuyos. Gracias por participar."
            ),
            "pt_BR": (
                "Resultado do sorteio *{{title}}*, de que participa o seu pedido *{{code}}*: "
                "saiu o número *{{number}}*. Desta vez não foi um dos seus. Obrigado por participar."
            ),
            "en": (
                "Result of the draw *{{title}}*, in which your order *{{code}}* takes part: "
                "number *{{number}}* was drawn. This time it was not one of yours. "
                "Thank you for taking part."
            ),
        },
    ),
)
