"""The players' accounts. Only this file writes entries and balances, always both and in one transaction.

For each player and currency: money confirmed = orders that are paid + credit + refunds that are due or made.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Value

from raffles.audit.models import Deed
from raffles.sales import trail
from raffles.sales.errors import AmountNotPositive, CreditTooSmall, ReferenceUsed
from raffles.sales.models import (
    Actor,
    CreditEntry,
    Order,
    Payment,
    PaymentProof,
    Player,
    PlayerCredit,
    Refund,
)
from raffles.sales.queries import credit_of

Kind = CreditEntry.Kind


def pay_in(
    *,
    player: Player,
    order: Order | None,
    proof: PaymentProof | None,
    amount_minor: int,
    currency: str,
    method: str,
    reference: str,
    by: User,
    now: datetime,
) -> Payment:
    payment = Payment(
        player=player,
        order=order,
        proof=proof,
        amount_minor=required_amount(amount_minor),
        currency=currency,
        method=method.strip(),
        reference=reference.strip(),
        reference_key=reference_key(reference),
        confirmed_by=by,
        confirmed_at=now,
    )
    with transaction.atomic():
        _insert_once(payment)
        entry = CreditEntry(kind=Kind.PAYMENT, payment=payment, player=player)
        _book(entry, amount_minor, currency, Actor.staff(by), now)
        trail.confirmed(payment)
    return payment


def charge(order: Order, actor: Actor, now: datetime) -> None:
    entry = CreditEntry(kind=Kind.ORDER, order=order, player_id=order.player_id)
    _book(entry, -order.total_minor, order.currency, actor, now)


def return_charge(order: Order, actor: Actor, now: datetime) -> None:
    entry = CreditEntry(kind=Kind.ORDER_RETURNED, order=order, player_id=order.player_id)
    _book(entry, order.total_minor, order.currency, actor, now)


def take_out(refund: Refund, actor: Actor, now: datetime) -> None:
    entry = CreditEntry(kind=Kind.REFUND, refund=refund, player_id=refund.player_id)
    _book(entry, -refund.amount_minor, refund.currency, actor, now)
    trail.refund_moved(refund, Deed.REFUND_REQUESTED, actor=actor, reason=refund.reason, now=now)


def put_back(refund: Refund, actor: Actor, now: datetime) -> None:
    entry = CreditEntry(kind=Kind.REFUND_DROPPED, refund=refund, player_id=refund.player_id)
    _book(entry, refund.amount_minor, refund.currency, actor, now)
    trail.refund_moved(refund, Deed.REFUND_DROPPED, actor=actor, reason=refund.drop_reason, now=now)


def hand_over(keep: Player, gone_ids: Collection[int]) -> dict[str, int]:
    """Two players turned out to be one person, with one account. Says how many of which rows moved."""
    payments = Payment.objects.filter(player_id__in=gone_ids).update(player=keep)
    refunds = Refund.objects.filter(player_id__in=gone_ids).update(player=keep)
    CreditEntry.objects.filter(player_id__in=gone_ids).hand_over(keep)
    accounts = PlayerCredit.objects.filter(player_id__in=gone_ids, balance_minor__gt=0)
    for credit in accounts.select_for_update(no_key=True).order_by("pk"):
        PlayerCredit.objects.filter(pk=credit.pk).update(balance_minor=0)
        _move_balance(keep.pk, credit.currency, credit.balance_minor)
    return {"payments": payments, "refunds": refunds}


def reference_key(reference: str) -> str:
    """Blanks, dashes and capitals are typed now and then; letters and digits tell transfers apart."""
    return "".join(sign for sign in reference.casefold() if sign.isalnum())


def required_amount(amount_minor: int) -> int:
    if amount_minor <= 0:
        raise AmountNotPositive
    return amount_minor


def _insert_once(payment: Payment) -> None:
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError:
        rows = Payment.objects.select_related("order").exclude(reference_key="")
        twin = rows.filter(currency=payment.currency, reference_key=payment.reference_key).first()
        if twin is None:
            raise
        raise ReferenceUsed(twin.order.code if twin.order else "") from None


def _book(entry: CreditEntry, amount_minor: int, currency: str, actor: Actor, now: datetime) -> None:
    entry.amount_minor, entry.currency = amount_minor, currency
    entry.actor, entry.user, entry.at = actor.label, actor.user, now
    with transaction.atomic():
        entry.save(force_insert=True)
        _move_balance(entry.player_id, currency, amount_minor)


def _move_balance(player_id: int, currency: str, amount_minor: int) -> None:
    """One conditional statement: of two who spend the same credit at once, one is refused.

    The amount says that it is a large number: a bare one is sent to PostgreSQL as one of 32 bits, and what
    does not fit is cut off without a word.
    """
    account = PlayerCredit.objects.filter(player_id=player_id, currency=currency)
    if amount_minor >= 0 and not account.exists():
        new = PlayerCredit(player_id=player_id, currency=currency)
        PlayerCredit.objects.bulk_create([new], ignore_conflicts=True)
    covered = account.filter(balance_minor__gte=-amount_minor)
    if not covered.update(balance_minor=F("balance_minor") + Value(amount_minor, BigIntegerField())):
        raise CreditTooSmall(credit_of(player_id, currency), -amount_minor)
