from __future__ import annotations

from whatsapp.templates.wordings.wording import Wording

# What a member of staff says by hand; every other wording says what the product itself has done.
PERSONS = (
    Wording(
        key="person_about_order",
        version=1,
        bodies={
            "es": (
                "Te escribe una persona del equipo sobre tu pedido *{{code}}*. Mensaje: {{message}}\n"
                "Responde a este mensaje y seguimos por aquí."
            ),
            "pt_BR": (
                "Uma pessoa da equipe escreve sobre o seu pedido *{{code}}*. Mensagem: {{message}}\n"
                "Responda a esta mensagem e continuamos por aqui."
            ),
            "en": (
                "A person of our team writes about your order *{{code}}*. Message: {{message}}\n"
                "Please reply to this message to go on here."
            ),
        },
    ),
    Wording(
        key="person_answers",
        version=1,
        bodies={
            "es": (
                "Nos habías escrito y te responde una persona del equipo. Respuesta: {{message}}\n"
                "Si tienes alguna pregunta más, responde a este mensaje."
            ),
            "pt_BR": (
                "Você nos escreveu e uma pessoa da equipe responde. Resposta: {{message}}\n"
                "Se tiver mais alguma dúvida, responda a esta mensagem."
            ),
            "en": (
                "You wrote to us and a person of our team answers. Answer: {{message}}\n"
                "If you have any other question, please reply to this message."
            ),
        },
    ),
)
