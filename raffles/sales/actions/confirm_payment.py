from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from raffles.sales import ledger
from raffles.sales.approvals import require_second_person
from raffles.sales.errors import DrawHeld, NothingMissing, UnitsGone
from raffles.sales.inventory import inventory_of
from raffles.sales.lifecycle import (
    decide_proofs,
    hold_late,
    is_over,
    latest_proof,
    locked_order,
    move_order,
    new_hold,
    require_move,
)
from raffles.sales.models import Actor, Order, Payment, PaymentProof
from raffles.sales.notices import MoneyKept, OrderPaid, PaymentShort, announce
from raffles.sales.queries import missing_of

Status = Order.Status


@dataclass(frozen=True)
class _Word:
    actor: Actor
    reason: str
    now: datetime


def confirm_payment(
    *,
    order_id: int,
    by: User,
    amount_minor: int | None,
    method: str,
    reference: str,
    now: datetime,
    reason: str = "",
) -> Payment:
    """No amount means that exactly what is missing came. Whatever came is recorded and finds a home:

    enough sells the units, and what is more stays as credit; too little keeps them held for the rest; for
    units that cannot be had any more it stays as credit, and the order is over. The reason is the one who
    confirms speaking, where something about the receipt was odd; it is kept with the order's history.
    """
    actor = Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        require_move(order, Status.PAID, actor)
        missing = missing_of(order)
        if amount_minor is None and missing <= 0:
            raise NothingMissing(order.code)
        amount = missing if amount_minor is None else amount_minor
        require_second_person(order, by, amount)
        payment = ledger.pay_in(
            player=order.player,
            order=order,
            proof=latest_proof(order, PaymentProof.Status.SUBMITTED),
            amount_minor=amount,
            currency=order.currency,
            method=method,
            reference=reference,
            by=by,
            now=now,
        )
        decide_proofs(order, PaymentProof.Status.ACCEPTED, actor=actor, now=now)
        _find_a_home(order, payment, missing - payment.amount_minor, _Word(actor, reason, now))
        return payment


def _find_a_home(order: Order, payment: Payment, missing: int, word: _Word) -> None:
    try:
        hold_late(order, word.now)
        if missing > 0 and is_over(order, word.now):
            raise DrawHeld(order.code)
    except DrawHeld:
        _keep(order, payment, (), word)
    except UnitsGone as refusal:
        _keep(order, payment, refusal.labels, word)
    else:
        if missing > 0:
            _wait_for_rest(order, payment, missing, word)
        else:
            _sell(order, payment, -missing, word)


def _sell(order: Order, payment: Payment, surplus: int, word: _Word) -> None:
    ledger.charge(order, word.actor, word.now)
    inventory_of(order).sell(order)
    move_order(order, to=Status.PAID, now=word.now, actor=word.actor, reason=word.reason)
    announce(OrderPaid(order, payment, surplus))


def _wait_for_rest(order: Order, payment: Payment, missing: int, word: _Word) -> None:
    """The hold starts anew, so that the rest has time to come."""
    move_order(
        order,
        to=Status.PENDING_PAYMENT,
        now=word.now,
        actor=word.actor,
        reason=word.reason,
        expires_at=new_hold(order, word.now),
    )
    announce(PaymentShort(order, payment, missing))


def _keep(order: Order, payment: Payment, gone: tuple[str, ...], word: _Word) -> None:
    """Nobody gets part of an order, nor other numbers than were asked for."""
    reason = _("The money is credit now; numbers of others: %(gone)s") % {"gone": ", ".join(gone) or "–"}
    move_order(order, to=Status.CANCELLED, now=word.now, actor=word.actor, reason=reason)
    inventory_of(order).release(order)
    announce(MoneyKept(order, payment, gone))
