"""Every action from every status: the allowed happens and leaves its history, the rest changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from raffles.numbers.invariants import violations as number_violations
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    expire_orders,
    refund_order,
    reject_proof,
    request_cancel,
)
from raffles.sales.errors import MoveNotAllowed
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.lifecycle import MOVES
from raffles.sales.models import Actor, Order
from tests.factories import NOW, confirm, make_order, make_proof, make_staff

pytestmark = pytest.mark.django_db

S = Order.Status
LATER = NOW + timedelta(minutes=1)
LONG_AFTER = NOW + timedelta(days=2)

ACTIONS: dict[str, Callable[[Order], object]] = {
    "confirm": lambda order: confirm_order(order_id=order.pk, now=LATER),
    "send a proof": lambda order: make_proof(order, now=LATER),
    "confirm the payment": lambda order: confirm(order, now=LATER),
    "reject the proof": lambda order: reject_proof(
        order_id=order.pk, by=make_staff(), reason="another account", now=LATER
    ),
    "player cancels": lambda order: cancel_order(
        order_id=order.pk, actor=Actor.player(), reason="", now=LATER
    ),
    "staff cancel": lambda order: cancel_order(
        order_id=order.pk, actor=Actor.staff(make_staff()), reason="asked for it", now=LATER
    ),
    "refund": lambda order: refund_order(order_id=order.pk, by=make_staff(), reason="no draw", now=LATER),
}

ALLOWED: dict[tuple[str, str], str] = {
    (S.DRAFT, "confirm"): S.PENDING_PAYMENT,
    (S.DRAFT, "send a proof"): S.UNDER_REVIEW,
    (S.DRAFT, "player cancels"): S.CANCELLED,
    (S.DRAFT, "staff cancel"): S.CANCELLED,
    (S.PENDING_PAYMENT, "send a proof"): S.UNDER_REVIEW,
    (S.PENDING_PAYMENT, "confirm the payment"): S.PAID,
    (S.PENDING_PAYMENT, "player cancels"): S.CANCELLED,
    (S.PENDING_PAYMENT, "staff cancel"): S.CANCELLED,
    (S.UNDER_REVIEW, "send a proof"): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, "confirm the payment"): S.PAID,
    (S.UNDER_REVIEW, "reject the proof"): S.PENDING_PAYMENT,
    (S.UNDER_REVIEW, "staff cancel"): S.CANCELLED,
    (S.PAID, "refund"): S.REFUNDED,
    (S.EXPIRED, "send a proof"): S.UNDER_REVIEW,
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", S.values)
def test_an_action_moves_an_order_exactly_where_the_table_says(status: str, action: str) -> None:
    order = make_order(status=status)
    history = list(order.changes.values_list("to_status", flat=True))
    goal = ALLOWED.get((status, action))

    if goal is None:
        with pytest.raises(MoveNotAllowed):
            ACTIONS[action](order)
    else:
        ACTIONS[action](order)

    order.refresh_from_db()
    assert order.status == (goal or status)
    moved = goal is not None and goal != status
    assert list(order.changes.values_list("to_status", flat=True)) == history + ([goal] if moved else [])
    assert [*sales_violations(LATER), *number_violations(LATER)] == []


@pytest.mark.parametrize("status", S.values)
def test_only_an_unpaid_hold_runs_out(status: str) -> None:
    order = make_order(status=status)

    expired = expire_orders(now=LONG_AFTER)

    order.refresh_from_db()
    runs_out = status in {S.DRAFT, S.PENDING_PAYMENT}
    assert order.status == (S.EXPIRED if runs_out else status)
    assert [each.pk for each in expired] == ([order.pk] if runs_out else [])


@pytest.mark.parametrize("status", S.values)
def test_a_player_may_ask_staff_to_cancel_only_while_money_is_looked_at(status: str) -> None:
    order = make_order(status=status)

    if status == S.UNDER_REVIEW:
        request_cancel(order_id=order.pk, now=LATER)
    else:
        with pytest.raises(MoveNotAllowed):
            request_cancel(order_id=order.pk, now=LATER)

    order.refresh_from_db()
    assert order.status == status


def test_the_table_names_every_status() -> None:
    assert set(MOVES) == set(S.values)
