from __future__ import annotations

from whatsapp.templates.wordings.wording import Wording

RAFFLES_OR_PERSON = {
    "es": ("Rifas", "Una persona"),
    "pt_BR": ("Rifas", "Uma pessoa"),
    "en": ("Raffles", "A person"),
}

MONEY = (
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
        buttons=RAFFLES_OR_PERSON,
    ),
    Wording(
        key="credit_recorded",
        version=1,
        bodies={
            "es": (
                "Recibimos un pago tuyo de {{amount}}, que queda como saldo a tu favor. "
                "Una persona puede usarlo para tus números o devolvértelo."
            ),
            "pt_BR": (
                "Recebemos um pagamento seu de {{amount}}, que fica como saldo a seu favor. "
                "Uma pessoa pode usá-lo para os seus números ou devolvê-lo."
            ),
            "en": (
                "We received a payment of yours of {{amount}}, which stands in your favor. "
                "A person can use it for your numbers or send it back."
            ),
        },
        buttons=RAFFLES_OR_PERSON,
    ),
    Wording(
        key="order_refunded",
        version=1,
        bodies={
            "es": (
                "Vamos a devolverte {{amount}} del pedido *{{code}}*; sus números quedaron libres. "
                "Motivo: {{reason}}\n"
                "Te avisaremos por aquí en cuanto esté hecho."
            ),
            "pt_BR": (
                "Vamos devolver {{amount}} do pedido *{{code}}*; os números ficaram livres. "
                "Motivo: {{reason}}\n"
                "Avisaremos por aqui assim que estiver feito."
            ),
            "en": (
                "We will send you back {{amount}} for order *{{code}}*; its numbers are free again. "
                "Reason: {{reason}}\n"
                "We will tell you here as soon as it is done."
            ),
        },
    ),
    Wording(
        key="refund_due",
        version=1,
        bodies={
            "es": (
                "Vamos a devolverte {{amount}} de tu saldo. Motivo: {{reason}}\n"
                "Te avisaremos por aquí en cuanto esté hecho."
            ),
            "pt_BR": (
                "Vamos devolver {{amount}} do seu saldo. Motivo: {{reason}}\n"
                "Avisaremos por aqui assim que estiver feito."
            ),
            "en": (
                "We will send you back {{amount}} of your credit. Reason: {{reason}}\n"
                "We will tell you here as soon as it is done."
            ),
        },
    ),
    Wording(
        key="refund_made",
        version=1,
        bodies={
            "es": (
                "Te devolvimos {{amount}}. Transferencia: {{reference}}\n"
                "Si no te llegó, responde a este mensaje."
            ),
            "pt_BR": (
                "Devolvemos {{amount}} a você. Transferência: {{reference}}\n"
                "Se não chegou, responda a esta mensagem."
            ),
            "en": (
                "We sent you back {{amount}}. Transfer: {{reference}}\n"
                "If it has not arrived, please reply to this message."
            ),
        },
    ),
    Wording(
        key="refund_dropped",
        version=1,
        bodies={
            "es": (
                "No hicimos la devolución de {{amount}}, que queda como saldo a tu favor. "
                "Motivo: {{reason}}\n"
                "Si tienes alguna pregunta, responde a este mensaje."
            ),
            "pt_BR": (
                "Não fizemos a devolução de {{amount}}, que fica como saldo a seu favor. Motivo: {{reason}}\n"
                "Se tiver alguma dúvida, responda a esta mensagem."
            ),
            "en": (
                "We did not send back {{amount}}; it stands in your favor. Reason: {{reason}}\n"
                "If you have any question, please reply to this message."
            ),
        },
    ),
)
