"""Facts of the business that a player should hear. Only writes outbox rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from raffles.evidence.actions import note_forwarded
from raffles.sales.inventory import Offering, inventory_of
from raffles.sales.models import Actor, Order, Payment
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
    PlayersMerged,
    ProofQuestioned,
    ProofReceived,
    ProofRejected,
    RefundDropped,
    RefundDue,
    RefundMade,
)
from whatsapp.messages import Bubble, Button, Buttons, TemplateCall, Text
from whatsapp.models import InboundEvent
from whatsapp.payloads import FileSent, read_message
from whatsapp.telling import NO_TURN, Notice, in_language_of, tell_player
from whatsapp.templates import calls
from whatsapp.texts import chat, orders

EXPIRY_LIFE = timedelta(hours=20)


def hear(fact: Fact) -> None:
    match fact:
        case OrderPaid(order, _, surplus):
            _tell(order, f"order:{order.pk}:paid", _paid(order, surplus), order.closed_at or order.created_at)
        case PaymentShort() | MoneyKept() | MoneyRecorded():
            _tell_of_money(fact)
        case OrderRefunded() | RefundDue() | RefundMade() | RefundDropped():
            _tell_of_refund(fact)
        case ProofRejected(order, proof, reason):
            at = proof.decided_at or proof.received_at
            _tell(order, f"proof:{proof.pk}:rejected", _rejected(order, reason, at), at)
        case ProofQuestioned(order, question, at):
            key = f"order:{order.pk}:asked:{at.timestamp():.0f}"
            _tell(order, key, _questioned(order, question), at)
        case OrderCancelled() | OrderExpired():
            _tell_of_end(fact)
        case ProofReceived() | CancelRequested() | PlayersMerged():
            pass  # staff hear of it by the desk, or did it
        case _:
            assert_never(fact)


def hear_of_receipt(fact: Fact) -> None:
    """Whoever forwards a receipt did not make the payment just now; staff are shown that."""
    if not isinstance(fact, ProofReceived):
        return
    for event in InboundEvent.objects.filter(event_key=fact.proof.source_key):
        message = read_message(event.payload)
        if isinstance(message, FileSent) and message.is_forwarded:
            note_forwarded(source_key=fact.proof.source_key)


def _tell(order: Order, key: str, notice: Notice | None, at: datetime, life: timedelta | None = None) -> None:
    tell_player(order.player_id, key, notice, at, life)


def _offering(order: Order) -> tuple[Offering, Sequence[str]]:
    inventory = inventory_of(order)
    return inventory.offering(order), [line.label for line in inventory.lines(order)]


def _paid(order: Order, surplus: int) -> Notice:
    offering, labels = _offering(order)
    with in_language_of(order.player):
        body = orders.paid(
            code=order.code,
            title=offering.title,
            labels=labels,
            draw_at=offering.draw_at,
            zone=offering.time_zone,
        )
        more = f"\n{orders.surplus(surplus, order.currency)}" if surplus else ""
        template = calls.order_paid(
            code=order.code,
            title=offering.title,
            labels=labels,
            draw_at=offering.draw_at,
            zone=offering.time_zone,
            surplus_minor=surplus,
            currency=order.currency,
        )
    return Notice(Text(body + more), template)


def _rejected(order: Order, reason: str, at: datetime) -> Notice | None:
    if order.expires_at is None:
        return None
    zone, until = inventory_of(order).offering(order).time_zone, order.expires_at
    with in_language_of(order.player):
        body = orders.rejected(code=order.code, reason=reason, until=until, zone=zone, now=at)
        return Notice(
            Text(body), calls.proof_rejected(code=order.code, reason=reason, until=until, zone=zone)
        )


def _questioned(order: Order, question: str) -> Notice:
    with in_language_of(order.player):
        body = orders.questioned(code=order.code, question=question)
        return Notice(Text(body), calls.proof_questioned(code=order.code, question=question))


def _tell_of_end(fact: OrderCancelled | OrderExpired) -> None:
    if isinstance(fact, OrderExpired):
        _tell_of_expiry(fact.order, fact.kept_minor)
    else:
        _tell_of_cancellation(fact.order, fact.actor, fact.reason, fact.kept_minor)


def _tell_of_expiry(order: Order, kept: int) -> None:
    """Old news after a while, but not where money is concerned."""
    at, life = order.closed_at or order.created_at, None if kept else EXPIRY_LIFE
    _tell(order, f"order:{order.pk}:expired:{at.timestamp():.0f}", _expired(order, kept), at, life)


def _expired(order: Order, kept: int) -> Notice:
    offering, labels = _offering(order)
    code, title = order.code, offering.title
    with in_language_of(order.player):
        body = orders.expired(code=code, title=title, labels=labels)
        body += f"\n{orders.kept_part(kept, order.currency)}" if kept else ""
        again = Button(f"open:{offering.code}:{NO_TURN}", orders.choose_again_button())
        menu = Button(f"menu::{NO_TURN}", chat.menu_button())
        template = calls.order_expired(
            code=code, title=title, labels=labels, kept_minor=kept, currency=order.currency
        )
    return Notice(Buttons(body, (again, menu)), template)


def _tell_of_money(fact: PaymentShort | MoneyKept | MoneyRecorded) -> None:
    payment = fact.payment
    with in_language_of(payment.player):
        match fact:
            case PaymentShort(order, _, missing):
                notice = _short(order, payment, missing)
            case MoneyKept(order, _, gone):
                notice = _kept(order, payment, gone)
            case MoneyRecorded():
                notice = _recorded(payment.amount_minor, payment.currency)
    tell_player(payment.player_id, f"payment:{payment.pk}", notice, payment.confirmed_at)


def _short(order: Order, payment: Payment, missing: int) -> Notice:
    assert order.expires_at is not None  # noqa: S101 - a database constraint says so while units are held
    code, came, currency, until = order.code, payment.amount_minor, order.currency, order.expires_at
    zone = inventory_of(order).offering(order).time_zone
    body = orders.short(
        code=code,
        came_minor=came,
        missing_minor=missing,
        currency=currency,
        until=until,
        zone=zone,
        now=payment.confirmed_at,
    )
    template = calls.payment_short(
        code=code, came_minor=came, missing_minor=missing, currency=currency, until=until, zone=zone
    )
    return Notice(Text(body), template)


def _kept(order: Order, payment: Payment, gone: Sequence[str]) -> Notice:
    code, amount, currency = order.code, payment.amount_minor, payment.currency
    body = orders.kept(code=code, amount_minor=amount, currency=currency, gone=gone)
    template = calls.credit_kept(code=code, amount_minor=amount, currency=currency, gone=gone)
    return Notice(_with_person(body), template)


def _recorded(amount: int, currency: str) -> Notice:
    body = orders.recorded(amount_minor=amount, currency=currency)
    return Notice(_with_person(body), calls.credit_recorded(amount_minor=amount, currency=currency))


def _with_person(body: str) -> Bubble:
    buttons = (
        Button(f"raffles:0:{NO_TURN}", chat.raffles_button()),
        Button(f"person::{NO_TURN}", chat.person_button()),
    )
    return Buttons(body, buttons)


def _tell_of_refund(fact: OrderRefunded | RefundDue | RefundMade | RefundDropped) -> None:
    refund = fact.refund
    at = refund.made_at or refund.dropped_at or refund.requested_at
    with in_language_of(refund.player):
        said, template = _refund(fact)
    notice = Notice(Text(said), template)
    tell_player(refund.player_id, f"refund:{refund.pk}:{refund.status}", notice, at)


def _refund(fact: OrderRefunded | RefundDue | RefundMade | RefundDropped) -> tuple[str, TemplateCall]:
    amount, currency, reason = fact.refund.amount_minor, fact.refund.currency, fact.refund.reason
    match fact:
        case OrderRefunded(order, _):
            return (
                orders.refunded(code=order.code, reason=reason, amount_minor=amount, currency=currency),
                calls.order_refunded(code=order.code, reason=reason, amount_minor=amount, currency=currency),
            )
        case RefundDue():
            return (
                orders.refund_due(reason=reason, amount_minor=amount, currency=currency),
                calls.refund_due(reason=reason, amount_minor=amount, currency=currency),
            )
        case RefundMade(refund):
            return (
                orders.refund_made(reference=refund.reference, amount_minor=amount, currency=currency),
                calls.refund_made(reference=refund.reference, amount_minor=amount, currency=currency),
            )
        case RefundDropped(refund):
            return (
                orders.refund_dropped(reason=refund.drop_reason, amount_minor=amount, currency=currency),
                calls.refund_dropped(reason=refund.drop_reason, amount_minor=amount, currency=currency),
            )


def _tell_of_cancellation(order: Order, actor: Actor, reason: str, kept: int) -> None:
    """What players cancel themselves is answered in the chat, but for the money in it."""
    if actor.label == Actor.player().label and not kept:
        return
    at = order.closed_at or order.created_at
    with in_language_of(order.player):
        body = orders.cancelled_by_staff(code=order.code, reason=reason)
        said = f"{body}\n{orders.kept_part(kept, order.currency)}" if kept else body
        template = calls.order_cancelled(
            code=order.code, reason=reason, kept_minor=kept, currency=order.currency
        )
    _tell(order, f"order:{order.pk}:cancelled", Notice(Text(said), template), at)
