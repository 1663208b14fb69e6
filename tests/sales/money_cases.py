"""Money comes in one line; where it went in another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User

from raffles.numbers.actions import close_raffle
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle
from raffles.sales.actions import (
    confirm_payment,
    record_payment,
)
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Actor, Order, Payment, Player
from raffles.sales.queries import credit_of
from tests.factories import NOW, make_order, make_proof, make_raffle

S = Order.Status
TOTAL = 100_000


def came(order: Order, staff: User, amount: int | None = None, **changes: Any) -> Payment:
    given: dict[str, Any] = {"method": "transfer", "reference": "", "now": NOW}
    return confirm_payment(order_id=order.pk, by=staff, amount_minor=amount, **(given | changes))


def recorded(player: Player, staff: User, amount: int, **changes: Any) -> Payment:
    given: dict[str, Any] = {"currency": "PYG", "method": "transfer", "reference": "", "now": NOW}
    return record_payment(player_id=player.pk, amount_minor=amount, by=staff, **(given | changes))


def stands(order: Order, status: str, tickets: str, credit: int) -> None:
    """Where the order, its numbers and the money are, with all books right."""
    order.refresh_from_db()
    assert order.status == status
    assert set(order.tickets.values_list("status", flat=True)) == {tickets}
    assert credit_of(order.player_id, order.currency) == credit
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


def late(raffle: Raffle | None = None, *, taken: tuple[int, ...] = ()) -> Order:
    """5 and 12, expired; a proof came after others had taken some."""
    raffle = raffle or make_raffle()
    order = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    if taken:
        make_order(raffle=raffle, numbers=taken, status=S.PENDING_PAYMENT)
    make_proof(order)
    order.refresh_from_db()
    return order


def over(raffle: Raffle, how: str) -> None:
    if how == "closed":
        close_raffle(raffle_id=raffle.pk, actor=Actor.clock(), now=NOW)
    else:
        moment = NOW - timedelta(minutes=1)
        Raffle.objects.filter(pk=raffle.pk).update(sales_close_at=moment, draw_at=moment)
