from __future__ import annotations

from whatsapp.templates.wordings.wording import Wording

CHOOSE_AGAIN = {
    "es": ("Elegir de nuevo", "Menú"),
    "pt_BR": ("Escolher de novo", "Menu"),
    "en": ("Choose again", "Menu"),
}

ORDERS = (
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
        key="order_paid_surplus",
        version=1,
        bodies={
            "es": (
                "*¡Pago confirmado!* ✅ El pedido *{{code}}* está pagado.\n"
                "Rifa: {{title}}\n"
                "Números: *{{numbers}}*\n"
                "Sorteo: {{draw}}\n"
                "Llegaron {{surplus}} de más, que quedan como saldo a tu favor."
            ),
            "pt_BR": (
                "*Pagamento confirmado!* ✅ O pedido *{{code}}* está pago.\n"
                "Rifa: {{title}}\n"
                "Números: *{{numbers}}*\n"
                "Sorteio: {{draw}}\n"
                "Chegaram {{surplus}} a mais, que ficam como saldo a seu favor."
            ),
            "en": (
                "*Payment confirmed!* ✅ Order *{{code}}* is paid.\n"
                "Raffle: {{title}}\n"
                "Numbers: *{{numbers}}*\n"
                "Draw: {{draw}}\n"
                "More came than it costs: {{surplus}}. That stays in your favor."
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
        key="proof_questioned",
        version=1,
        bodies={
            "es": (
                "Tenemos una pregunta sobre tu comprobante del pedido *{{code}}*. Pregunta: {{reason}}\n"
                "Tus números siguen reservados. Por favor responde aquí."
            ),
            "pt_BR": (
                "Temos uma pergunta sobre o comprovante do seu pedido *{{code}}*. Pergunta: {{reason}}\n"
                "Seus números continuam reservados. Por favor, responda aqui."
            ),
            "en": (
                "We have a question about your receipt for order *{{code}}*. Question: {{reason}}\n"
                "Your numbers stay held. Please answer here."
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
        buttons=CHOOSE_AGAIN,
    ),
    Wording(
        key="order_expired_kept",
        version=1,
        bodies={
            "es": (
                "Se acabó el tiempo del pedido *{{code}}* (rifa {{title}}, números {{numbers}}) "
                "y sus números quedaron libres. "
                "Lo que habías pagado, {{kept}}, queda como saldo a tu favor."
            ),
            "pt_BR": (
                "O tempo do pedido *{{code}}* (rifa {{title}}, números {{numbers}}) acabou "
                "e os números ficaram livres. "
                "O que você tinha pago, {{kept}}, fica como saldo a seu favor."
            ),
            "en": (
                "The time for order *{{code}}* (raffle {{title}}, numbers {{numbers}}) ran out "
                "and its numbers are free again. "
                "What you had paid, {{kept}}, stands in your favor."
            ),
        },
        buttons=CHOOSE_AGAIN,
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
        key="order_cancelled_kept",
        version=1,
        bodies={
            "es": (
                "El pedido *{{code}}* fue cancelado. Motivo: {{reason}}\n"
                "Lo que habías pagado, {{kept}}, queda como saldo a tu favor. "
                "Si tienes alguna pregunta, responde a este mensaje."
            ),
            "pt_BR": (
                "O pedido *{{code}}* foi cancelado. Motivo: {{reason}}\n"
                "O que você tinha pago, {{kept}}, fica como saldo a seu favor. "
                "Se tiver alguma dúvida, responda a esta mensagem."
            ),
            "en": (
                "Order *{{code}}* was cancelled. Reason: {{reason}}\n"
                "What you had paid, {{kept}}, stands in your favor. "
                "If you have any question, please reply to this message."
            ),
        },
    ),
)
