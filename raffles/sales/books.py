"""The accounts compared with what they are about: each row that moved money, each balance, each player."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from raffles.sales.models import CreditEntry, Order, Payment, PlayerCredit, Refund

Entry = CreditEntry.Kind
Accounts = dict[tuple[int, str], int]


def booked(source: str, kind: str) -> Coalesce:
    """The amount of the entry that a row of `source` has of this kind; 0, which none has, without one."""
    entries = CreditEntry.objects.filter(kind=kind, **{source: OuterRef("pk")})
    return Coalesce(Subquery(entries.values("amount_minor")[:1]), 0)


def charges_of(orders: QuerySet[Order]) -> dict[int, int]:
    """What the accounts gave for each of these orders and have not got back."""
    entries = CreditEntry.objects.filter(order__in=orders, kind__in=(Entry.ORDER, Entry.ORDER_RETURNED))
    sums = entries.order_by().values_list("order_id").annotate(total=Sum("amount_minor"))
    return {order_id: -total for order_id, total in sums if order_id is not None}


def books_that_differ() -> Iterator[str]:
    yield from _payments()
    yield from _refunds()
    yield from _owners()
    yield from _balances()
    yield from _players()


def _payments() -> Iterator[str]:
    payments = Payment.objects.annotate(entered=booked("payment", Entry.PAYMENT)).order_by("pk")
    for payment in payments.exclude(entered=F("amount_minor")):
        yield (
            f"Payment {payment.pk} is {payment.amount_minor} {payment.currency} and its entry says "
            f"{payment.entered}: compare with the bank statement, then restore the wrong one from a backup."
        )


def _refunds() -> Iterator[str]:
    refunds = Refund.objects.annotate(
        out=booked("refund", Entry.REFUND), back=booked("refund", Entry.REFUND_DROPPED)
    ).order_by("pk")
    for refund in refunds.exclude(out=-F("amount_minor")):
        yield (
            f"Refund {refund.pk} is {refund.amount_minor} {refund.currency} and its entry says {refund.out}: "
            "send nothing before you know why."
        )
    dropped = Q(status=Refund.Status.DROPPED)
    for refund in refunds.filter((dropped & ~Q(back=F("amount_minor"))) | (~dropped & ~Q(back=0))):
        yield (
            f"Refund {refund.pk} is {refund.status} and {refund.back} of it is credit again: find out "
            "whether the money was sent."
        )


def _owners() -> Iterator[str]:
    for payment in Payment.objects.exclude(order=None).exclude(player=F("order__player")).order_by("pk"):
        yield f"Payment {payment.pk} stands with another player than its order: ask who sent the money."
    for name in ("payment", "order", "refund"):
        entries = CreditEntry.objects.exclude(**{name: None}).order_by("pk")
        for entry in entries.exclude(player=F(f"{name}__player"), currency=F(f"{name}__currency")):
            yield (
                f"Entry {entry.pk} stands with another player or currency than its {name}: find out whose "
                "money it is before you use it."
            )


def _balances() -> Iterator[str]:
    stored: Accounts = defaultdict(int)
    for player_id, currency, balance in PlayerCredit.objects.values_list(
        "player_id", "currency", "balance_minor"
    ):
        stored[player_id, currency] = balance
    entered = _sums(CreditEntry.objects.all())
    for player_id, currency in sorted(stored.keys() | entered.keys()):
        if stored[player_id, currency] != entered[player_id, currency]:
            yield (
                f"The credit of player {player_id} says {stored[player_id, currency]} {currency} and its "
                f"entries add up to {entered[player_id, currency]}: use none of it before you know why."
            )


def _players() -> Iterator[str]:
    """Confirmed money = sold + credit + refunded, for each player and currency."""
    came, sold = _sums(Payment.objects.all()), _sums(Order.objects.filter(status="PAID"), "total_minor")
    credit = _sums(PlayerCredit.objects.all(), "balance_minor")
    back = _sums(Refund.objects.exclude(status=Refund.Status.DROPPED))
    for account in sorted(came.keys() | sold.keys() | credit.keys() | back.keys()):
        homes = sold[account] + credit[account] + back[account]
        if came[account] != homes:
            yield (
                f"Player {account[0]} paid {came[account]} {account[1]}, of which {homes} is in orders, "
                "credit and refunds: compare the player's payments with the bank statement."
            )


def _sums(rows: QuerySet[Any], amount: str = "amount_minor") -> Accounts:
    found: Accounts = defaultdict(int)
    sums = rows.order_by().values_list("player_id", "currency").annotate(total=Sum(amount))
    found.update({(player_id, currency): total for player_id, currency, total in sums})
    return found
