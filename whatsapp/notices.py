"""Facts of the business that a player, or staff on WhatsApp, should hear. Only writes outbox rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from django.conf import settings
from django.utils.translation import override

from raffles.sales.inventory import Offering, inventory_of
from raffles.sales.models import Actor, Order, Player
from raffles.sales.notices import (
    CancelRequested,
    Fact,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    ProofReceived,
    ProofRejected,
)
from whatsapp import outbox
from whatsapp.messages import Bubble, Button, Buttons, Text
from whatsapp.models import Contact
from whatsapp.texts import chat, orders

ALERT_LIFE = timedelta(hours=12)
EXPIRY_LIFE = timedelta(hours=20)
# Buttons of notices only show something, so they carry no turn.
NO_TURN = 0


def hear(fact: Fact) -> None:
    match fact:
        case OrderPaid(order, payment):
            _tell(order, f"order:{order.pk}:paid", _paid(order), payment.confirmed_at)
        case ProofReceived(order, proof):
            _alert_staff(order, f"proof:{proof.pk}", proof.received_at)
        case ProofRejected(order, proof, reason):
            at = proof.decided_at or proof.received_at
            _tell(order, f"proof:{proof.pk}:rejected", _rejected(order, reason, at), at)
        case OrderCancelled(order, actor, reason):
            _tell_of_cancellation(order, actor, reason)
        case OrderExpired(order):
            at = order.closed_at or order.created_at
            _tell(order, f"order:{order.pk}:expired:{at.timestamp():.0f}", _expired(order), at, EXPIRY_LIFE)
        case OrderRefunded(order, refund):
            _tell(order, f"order:{order.pk}:refunded", _refunded(order, refund.reason), refund.made_at)
        case CancelRequested():
            pass  # staff see it in the admin
        case _:
            assert_never(fact)


def _tell(order: Order, key: str, bubble: Bubble | None, at: datetime, life: timedelta | None = None) -> None:
    """Players who came by another door have no contact: they are told there."""
    contact = Contact.objects.filter(player_id=order.player_id).first()
    if contact is None or bubble is None:
        return
    outbox.queue(contact, bubble, dedupe_key=key, now=at, not_after=at + life if life else None)


def _in_language_of(player: Player) -> override:
    known = player.language in dict(settings.LANGUAGES)
    return override(player.language if known else settings.LANGUAGE_CODE)


def _offering(order: Order) -> tuple[Offering, Sequence[str]]:
    inventory = inventory_of(order)
    return inventory.offering(order), [line.label for line in inventory.lines(order)]


def _paid(order: Order) -> Bubble:
    offering, labels = _offering(order)
    with _in_language_of(order.player):
        body = orders.paid(
            code=order.code,
            title=offering.title,
            labels=labels,
            draw_at=offering.draw_at,
            zone=offering.time_zone,
        )
    return Text(body)


def _rejected(order: Order, reason: str, at: datetime) -> Bubble | None:
    offering, _ = _offering(order)
    if order.expires_at is None:
        return None
    with _in_language_of(order.player):
        return Text(
            orders.rejected(
                code=order.code, reason=reason, until=order.expires_at, zone=offering.time_zone, now=at
            )
        )


def _expired(order: Order) -> Bubble:
    offering, labels = _offering(order)
    with _in_language_of(order.player):
        body = orders.expired(code=order.code, title=offering.title, labels=labels)
        again = Button(f"open:{offering.code}:{NO_TURN}", orders.choose_again_button())
        menu = Button(f"menu::{NO_TURN}", chat.menu_button())
        return Buttons(body, (again, menu))


def _refunded(order: Order, reason: str) -> Bubble:
    with _in_language_of(order.player):
        return Text(
            orders.refunded(
                code=order.code, amount_minor=order.total_minor, currency=order.currency, reason=reason
            )
        )


def _tell_of_cancellation(order: Order, actor: Actor, reason: str) -> None:
    """What players cancel themselves is answered in the chat."""
    if actor.label == Actor.player().label:
        return
    at = order.closed_at or order.created_at
    with _in_language_of(order.player):
        bubble = Text(orders.cancelled_by_staff(code=order.code, reason=reason))
    _tell(order, f"order:{order.pk}:cancelled", bubble, at)


def _alert_staff(order: Order, key: str, at: datetime) -> None:
    """Staff who ticked it on their own contact; it waits until they have written within a day."""
    for contact in Contact.objects.filter(receives_staff_alerts=True).select_related("player"):
        with _in_language_of(contact.player):
            body = orders.staff_alert(
                code=order.code,
                player=order.player.name,
                amount_minor=order.total_minor,
                currency=order.currency,
            )
        outbox.queue(
            contact,
            Text(body),
            dedupe_key=f"alert:{contact.pk}:{key}",
            now=at,
            not_after=at + ALERT_LIFE,
        )
