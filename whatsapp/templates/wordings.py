"""The wordings themselves. Their texts live here and not in the catalogues of translations: what Meta has
approved is what is sent, so a text changes with a new version only (docs/templates.md, "Changing a wording").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Texts = Mapping[str, str]

# Beside each wording Meta wants an example of each value.
EXAMPLES: Mapping[str, Texts] = MappingProxyType(
    {
        "es": {
            "code": "K7M2XQ",
            "title": "Moto 0 km",
            "numbers": "005, 012, 100-149",
            "draw": "sábado, 28 de noviembre de 2026, 20:00",
            "deadline": "viernes, 27 de noviembre de 2026, 18:30",
            "reason": "No se lee el importe",
            "amount": "Gs. 40.000",
            "missing": "Gs. 10.000",
            "number": "012",
            "prize": "una moto 0 km",
        },
        "pt_BR": {
            "code": "K7M2XQ",
            "title": "Moto 0 km",
            "numbers": "005, 012, 100-149",
            "draw": "sábado, 28 de novembro de 2026, 20:00",
            "deadline": "sexta-feira, 27 de novembro de 2026, 18:30",
            "reason": "Não dá para ler o valor",
            "amount": "R$ 40,00",
            "missing": "R$ 10,00",
            "number": "012",
            "prize": "uma moto 0 km",
        },
        "en": {
            "code": "K7M2XQ",
            "title": "New motorcycle",
            "numbers": "005, 012, 100-149",
            "draw": "Saturday, November 28, 2026, 8:00 PM",
            "deadline": "Friday, November 27, 2026, 6:30 PM",
            "reason": "The amount cannot be read",
            "amount": "$40.00",
            "missing": "$10.00",
            "number": "012",
            "prize": "a new motorcycle",
        },
    }
)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one notice says in each language; `buttons` are quick replies, as its bubble has them."""

    key: str
    version: int
    bodies: Texts
    buttons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


WORDINGS = (
    Wording(
        key="order_paid",
        version=1,
        bodies={
            "es": (
                "*¡Pago confirmado!* ✅ El pedido *{{code}}* está pagado.\n"
                "Rifa: {{title}}\n"
                "Números: *{{numbers}}*\n"
                "Sorteo: {{draw}}\n"
                "Gracias por tu compra. Guarda este mensaje."
            ),
            "pt_BR": (
                "*Pagamento confirmado!* ✅ O pedido *{{code}}* está pago.\n"
                "Rifa: {{title}}\n"
                "Números: *{{numbers}}*\n"
                "Sorteio: {{draw}}\n"
                "Obrigado pela compra. Guarde esta mensagem."
            ),
            "en": (
                "*Payment confirmed!* ✅ Order *{{code}}* is paid.\n"
                "Raffle: {{title}}\n"
                "Numbers: *{{numbers}}*\n"
                "Draw: {{draw}}\n"
                "Thank you for your purchase. Please keep this message."
            ),
        },
    ),
    Wording(
        key="payment_short",
        version=1,
        bodies={
            "es": (
                "Recibimos {{amount}} para el pedido *{{code}}*. Faltan {{missing}}.\n"
                "Tus números siguen reservados hasta el {{deadline}}. "
                "Envía aquí el comprobante de lo que falta."
            ),
            "pt_BR": (
                "Recebemos {{amount}} para o pedido *{{code}}*. Faltam {{missing}}.\n"
                "Seus números continuam reservados até {{deadline}}. Envie aqui o comprovante do que falta."
            ),
            "en": (
                "We received {{amount}} for order *{{code}}*. Still missing: {{missing}}.\n"
                "Your numbers are held until {{deadline}}. Please send the receipt for the rest here."
            ),
        },
    ),
    Wording(
        key="proof_rejected",
        version=1,
        bodies={
            "es": (
                "No pudimos aceptar tu comprobante del pedido *{{code}}*. Motivo: {{reason}}\n"
                "Tus números siguen reservados hasta el {{deadline}}. Envía aquí el comprobante correcto."
            ),
            "pt_BR": (
                "Não pudemos aceitar o comprovante do pedido *{{code}}*. Motivo: {{reason}}\n"
                "Seus números continuam reservados até {{deadline}}. Envie aqui o comprovante correto."
            ),
            "en": (
                "We could not accept your receipt for order *{{code}}*. Reason: {{reason}}\n"
                "Your numbers are held until {{deadline}}. Please send the right receipt here."
            ),
        },
    ),
    Wording(
        key="order_expired",
        version=1,
        bodies={
            "es": (
                "Se acabó el tiempo del pedido *{{code}}* (rifa {{title}}, números {{numbers}}) "
                "y sus números quedaron libres. Si ya pagaste, envía aquí el comprobante."
            ),
            "pt_BR": (
                "O tempo do pedido *{{code}}* (rifa {{title}}, números {{numbers}}) acabou "
                "e os números ficaram livres. Se você já pagou, envie o comprovante aqui."
            ),
            "en": (
                "The time for order *{{code}}* (raffle {{title}}, numbers {{numbers}}) ran out "
                "and its numbers are free again. If you have already paid, please send the receipt here."
            ),
        },
        buttons={
            "es": ("Elegir de nuevo", "Menú"),
            "pt_BR": ("Escolher de novo", "Menu"),
            "en": ("Choose again", "Menu"),
        },
    ),
    Wording(
        key="order_cancelled",
        version=1,
        bodies={
            "es": (
                "El pedido *{{code}}* fue cancelado. Motivo: {{reason}}\n"
                "Si tienes alguna pregunta, responde a este mensaje."
            ),
            "pt_BR": (
                "O pedido *{{code}}* foi cancelado. Motivo: {{reason}}\n"
                "Se tiver alguma dúvida, responda a esta mensagem."
            ),
            "en": (
                "Order *{{code}}* was cancelled. Reason: {{reason}}\n"
                "If you have any question, please reply to this message."
            ),
        },
    ),
    Wording(
        key="credit_kept",
        version=1,
        bodies={
            "es": (
                "Recibimos tu pago del pedido *{{code}}* y guardamos {{amount}} como saldo a tu favor. "
                "Motivo: {{reason}}\n"
                "Responde a este mensaje para usarlo o para pedir que te lo devolvamos."
            ),
            "pt_BR": (
                "Recebemos seu pagamento do pedido *{{code}}* e guardamos {{amount}} como saldo a seu favor. "
                "Motivo: {{reason}}\n"
                "Responda a esta mensagem para usá-lo ou para pedir a devolução."
            ),
            "en": (
                "We received your payment for order *{{code}}* and keep {{amount}} as your credit. "
                "Reason: {{reason}}\n"
                "Please reply to this message to use it or to have it sent back."
            ),
        },
    ),
    Wording(
        key="refund_due",
        version=1,
        bodies={
            "es": (
                "Vamos a devolverte {{amount}} del pedido *{{code}}*. "
                "Te avisaremos por aquí en cuanto esté hecho. "
                "Si tienes alguna pregunta, responde a este mensaje."
            ),
            "pt_BR": (
                "Vamos devolver {{amount}} do pedido *{{code}}*. "
                "Avisaremos por aqui assim que estiver feito. "
                "Se tiver alguma dúvida, responda a esta mensagem."
            ),
            "en": (
                "We will send back {{amount}} of order *{{code}}*. "
                "We will tell you here as soon as it is done. "
                "If you have any question, please reply to this message."
            ),
        },
    ),
    Wording(
        key="refund_made",
        version=1,
        bodies={
            "es": (
                "Te devolvimos {{amount}} del pedido *{{code}}*. Motivo: {{reason}}\n"
                "Si no te llegó, responde a este mensaje."
            ),
            "pt_BR": (
                "Devolvemos {{amount}} do pedido *{{code}}*. Motivo: {{reason}}\n"
                "Se não chegou, responda a esta mensagem."
            ),
            "en": (
                "We sent back {{amount}} of order *{{code}}*. Reason: {{reason}}\n"
                "If it has not arrived, please reply to this message."
            ),
        },
    ),
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
