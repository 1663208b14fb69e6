"""A little of everything the admin can show."""

from __future__ import annotations

from raffles.api.actions import make_token
from raffles.desk.models import Destination, Digest, StaffNotification
from raffles.hooks.models import Subscription
from raffles.sales.models import Order
from tests.admin.chats import make_contact, photographed, said, sent
from tests.draws.staging import closed_draw, committed_raffle, held_draw, planned_raffle, sold
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, pdf_bytes
from tests.hooks.receiving import make_delivery, make_webhook
from whatsapp import switch
from whatsapp.models import MessageTemplate


def make_everything() -> None:
    make_draws()
    raffle, player = make_raffle(last_number=999), make_player(name="Bruno", phone="+595981222333")
    for place, status in enumerate(Order.Status.values):
        make_order(raffle=raffle, player=player, numbers=(place * 2, place * 2 + 1), status=status)
    reviewed = make_order(raffle=raffle, player=player, numbers=(500,), status="UNDER_REVIEW")
    make_proof(reviewed, content=pdf_bytes())
    contact = make_contact(player=player)
    said(contact, "hola")
    photographed(contact)
    sent(contact, "¿Qué quieres hacer?", "Rifas", "Ayuda", status="READ")
    sent(contact, "No llegó", status="FAILED", error_code=131026, error="Message undeliverable")
    StaffNotification.objects.create(
        kind="PERSON_REQUESTED", player=player, subject="player:1", created_at=NOW, seen_at=NOW
    )
    room = Destination.objects.create(
        name="Cashiers", channel="WEBHOOK", url="https://hooks.example/x", kinds=["LATE_PROOF"], since=NOW
    )
    Digest.objects.create(destination=room, made_at=NOW, next_try_at=NOW, status="FAILED", error="HTTP 404")
    partner = make_webhook("https://partner.example/hear", description="Partner")
    make_delivery(partner, status="DEAD", status_code=500, closed_at=NOW)
    Subscription.objects.filter(pk=partner.pk).update(disabled_at=NOW, disabled_why="FAILING")
    make_token(client_name="Website", user=partner.owner, scopes=["raffles:read"], by=partner.owner, now=NOW)
    MessageTemplate.objects.create(
        key="order_paid", name="raffle_order_paid_v1", language="es", status="PAUSED", body="{{code}}"
    )
    switch.pause(by="Marta", reason="the draw was moved", now=NOW)


def make_draws() -> None:
    """One at each point of its life; the first is a plan, the last has a result and prizes to hand over."""
    cash = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November, evening"}
    planned_raffle(title="A trip", prizes=[("A trip", 1), ("A backpack", 3)])
    sold(committed_raffle(title="A scooter"), 7)
    closed_draw(title="A cow", draw=cash, prizes=[("A cow", 1)])
    held_draw(title="A bicycle", prizes=[("A bicycle", 1), ("A helmet", 2)], draw={"method": "SECRET"})
