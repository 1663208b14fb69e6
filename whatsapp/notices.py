"""Facts of the business that a player, or staff on WhatsApp, should hear. Only writes outbox rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from django.conf import settings
from django.utils.translation import override

from raffles.sales.inventory import Offering, inventory_of
from raffles.sales.models import Actor, Order, Payment, Player
from raffles.sales.notices import (
    CancelRequested,
    Fact,
    MoneyKept,
    MoneyRecorded,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    PaymentShort,
    ProofReceived,
    ProofRejected,
    RefundDropped,
    RefundDue,
    RefundMade,
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
        case OrderPaid(order, _, surplus):
            _tell(order, f"order:{order.pk}:paid", _paid(order, surplus), order.closed_at or order.created_at)
        case PaymentShort() | MoneyKept() | MoneyRecorded():
            _tell_of_money(fact)
        case OrderRefunded() | RefundDue() | RefundMade() | RefundDropped():
            _tell_of_refund(fact)
        case ProofReceived(order, proof):
            _alert_staff(order, f"proof:{proof.pk}", proof.received_at)
        case ProofRejected(order, proof, reason):
            at = proof.decided_at or proof.received_at
            _tell(order, f"proof:{proof.pk}:rejected", _rejected(order, reason, at), at)
        case OrderCancelled() | OrderExpired():
            _tell_of_end(fact)
        case CancelRequested():
            pass  # staff see it in the admin
        case _:
            assert_never(fact)


def _tell(order: Order, key: str, bubble: Bubble | None, at: datetime, life: timedelta | None = None) -> None:
    _tell_player(order.player_id, key, bubble, at, life)


def _tell_player(
    player_id: int, key: str, bubble: Bubble | None, at: datetime, life: timedelta | None = None
) -> None:
    """Players who came by another door have no contact: they are told there."""
    contact = Contact.objects.filter(player_id=player_id).first()
    if contact is None or bubble is None:
        return
    outbox.queue(contact, bubble, dedupe_key=key, now=at, not_after=at + life if life else None)


def _in_language_of(player: Player) -> override:
    known = player.language in dict(settings.LANGUAGES)
    return override(player.language if known else settings.LANGUAGE_CODE)


def _offering(order: Order) -> tuple[Offering, Sequence[str]]:
    inventory = inventory_of(order)
    return inventory.offering(order), [line.label for line in inventory.lines(order)]


def _paid(order: Order, surplus: int) -> Bubble:
    offering, labels = _offering(order)
    with _in_language_of(order.player):
        body = orders.paid(
            code=order.code,
            title=offering.title,
            labels=labels,
            draw_at=offering.draw_at,
            zone=offering.time_zone,
        )
        more = f"\n{orders.surplus(surplus, order.currency)}" if surplus else ""
    return Text(body + more)


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


def _tell_of_end(fact: OrderCancelled | OrderExpired) -> None:
    if isinstance(fact, OrderExpired):
        _tell_of_expiry(fact.order, fact.kept_minor)
    else:
        _tell_of_cancellation(fact.order, fact.actor, fact.reason, fact.kept_minor)


def _tell_of_expiry(order: Order, kept: int) -> None:
    """Old news after a while, but not where money is concerned."""
    at, life = order.closed_at or order.created_at, None if kept else EXPIRY_LIFE
    _tell(order, f"order:{order.pk}:expired:{at.timestamp():.0f}", _expired(order, kept), at, life)


def _expired(order: Order, kept: int) -> Bubble:
    offering, labels = _offering(order)
    with _in_language_of(order.player):
        body = orders.expired(code=order.code, title=offering.title, labels=labels)
        body += f"\n{orders.kept_part(kept, order.currency)}" if kept else ""
        again = Button(f"open:{offering.code}:{NO_TURN}", orders.choose_again_button())
        menu = Button(f"menu::{NO_TURN}", chat.menu_button())
        return Buttons(body, (again, menu))


def _tell_of_money(fact: PaymentShort | MoneyKept | MoneyRecorded) -> None:
    payment = fact.payment
    with _in_language_of(payment.player):
        match fact:
            case PaymentShort(order, _, missing):
                bubble: Bubble = Text(_short(order, payment, missing))
            case MoneyKept(order, _, gone):
                bubble = _with_person(
                    orders.kept(
                        code=order.code,
                        amount_minor=payment.amount_minor,
                        currency=payment.currency,
                        gone=gone,
                    )
                )
            case MoneyRecorded():
                bubble = _with_person(
                    orders.recorded(amount_minor=payment.amount_minor, currency=payment.currency)
                )
    _tell_player(payment.player_id, f"payment:{payment.pk}", bubble, payment.confirmed_at)


def _short(order: Order, payment: Payment, missing: int) -> str:
    assert order.expires_at is not None  # noqa: S101 - a database constraint says so while units are held
    return orders.short(
        code=order.code,
        came_minor=payment.amount_minor,
        missing_minor=missing,
        currency=order.currency,
        until=order.expires_at,
        zone=inventory_of(order).offering(order).time_zone,
        now=payment.confirmed_at,
    )


def _with_person(body: str) -> Bubble:
    buttons = (
        Button(f"raffles:0:{NO_TURN}", chat.raffles_button()),
        Button(f"person::{NO_TURN}", chat.person_button()),
    )
    return Buttons(body, buttons)


def _tell_of_refund(fact: OrderRefunded | RefundDue | RefundMade | RefundDropped) -> None:
    refund = fact.refund
    money = {"amount_minor": refund.amount_minor, "currency": refund.currency}
    at = refund.made_at or refund.dropped_at or refund.requested_at
    with _in_language_of(refund.player):
        match fact:
            case OrderRefunded(order, _):
                body = orders.refunded(code=order.code, reason=refund.reason, **money)
            case RefundDue():
                body = orders.refund_due(reason=refund.reason, **money)
            case RefundMade():
                body = orders.refund_made(reference=refund.reference, **money)
            case RefundDropped():
                body = orders.refund_dropped(reason=refund.drop_reason, **money)
    _tell_player(refund.player_id, f"refund:{refund.pk}:{refund.status}", Text(body), at)


def _tell_of_cancellation(order: Order, actor: Actor, reason: str, kept: int) -> None:
    """What players cancel themselves is answered in the chat, but for the money in it."""
    if actor.label == Actor.player().label and not kept:
        return
    at = order.closed_at or order.created_at
    with _in_language_of(order.player):
        body = orders.cancelled_by_staff(code=order.code, reason=reason)
        bubble = Text(f"{body}\n{orders.kept_part(kept, order.currency)}" if kept else body)
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
