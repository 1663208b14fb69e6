"""Each invariant of money, broken behind the product's back, is found and told in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from raffles.sales.actions import drop_refund, make_refund
from raffles.sales.invariants import violations
from raffles.sales.models import CreditEntry, Order, Payment, PlayerCredit, Refund
from tests.factories import NOW, make_order, make_player, make_staff, png_bytes

pytestmark = pytest.mark.django_db(transaction=True)

S = Order.Status


@pytest.fixture(autouse=True)
def _without_foreign_keys(transactional_db: None) -> Iterator[None]:
    """What is planted here no door of the product would let through."""
    yield
    with connection.cursor() as cursor:
        for model in (CreditEntry, PlayerCredit, Payment, Refund):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - our own table names


def tell(*words: str) -> None:
    found = violations(NOW)
    assert any(all(word in line for word in words) for line in found), found
    assert all(": " in line and line.endswith(".") for line in found), "what should a person do?"


def raw(statement: str, *values: int | datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_every_order_in_every_status_is_sound() -> None:
    for status in S.values:
        make_order(status=status)
    assert violations(NOW) == []


def test_a_paid_order_that_was_not_charged() -> None:
    order = make_order(status=S.PAID)
    raw("DELETE FROM sales_creditentry WHERE kind = 'ORDER'")
    tell(order.code, "no money was charged")


def test_a_charged_order_that_is_not_paid() -> None:
    order = make_order(status=S.PAID)
    Order.objects.filter(pk=order.pk).update(status=S.CANCELLED)
    tell(order.code, "was charged and is CANCELLED")


def test_an_order_charged_another_price() -> None:
    order = make_order(status=S.PAID)
    raw("UPDATE sales_creditentry SET amount_minor = -1 WHERE kind = 'ORDER'")
    tell(order.code, "was charged 1")


def test_a_refunded_order_whose_money_was_not_returned() -> None:
    order = make_order(status=S.REFUNDED)
    raw("DELETE FROM sales_creditentry WHERE kind = 'ORDER_RETURNED'")
    tell(order.code, "was not returned")


def test_a_returned_order_that_is_still_paid() -> None:
    order = make_order(status=S.REFUNDED)
    Order.objects.filter(pk=order.pk).update(status=S.PAID)
    tell(order.code, "was returned and is PAID")


def test_a_refund_that_vanished() -> None:
    order = make_order(status=S.REFUNDED)
    raw("DELETE FROM sales_creditentry WHERE kind = 'REFUND'")
    raw("DELETE FROM sales_refund")
    tell(order.code, "has no refund")


def test_a_payment_that_vanished() -> None:
    make_order(status=S.PAID)
    raw("DELETE FROM sales_creditentry WHERE kind = 'PAYMENT'")
    tell("Payment", "its entry says 0")
    raw("DELETE FROM sales_payment")
    tell("paid 0 PYG, of which 100000")


def test_a_payment_of_another_amount() -> None:
    make_order(status=S.PAID)
    Payment.objects.update(amount_minor=1)
    tell("Payment", "its entry says 100000", "bank statement")


def test_a_refund_of_another_amount() -> None:
    make_order(status=S.REFUNDED)
    Refund.objects.update(amount_minor=1)
    tell("Refund", "its entry says -100000")


def test_a_refund_that_was_dropped_and_is_due_or_the_other_way() -> None:
    order = make_order(status=S.REFUNDED)
    refund = order.refunds.get()
    drop_refund(refund_id=refund.pk, by=make_staff(), reason="x", now=NOW)
    assert violations(NOW) == []
    raw("UPDATE sales_refund SET status = 'DUE', dropped_by_id = NULL, dropped_at = NULL")
    tell(f"Refund {refund.pk} is DUE", "is credit again")
    staff = make_staff()
    raw("UPDATE sales_refund SET status = 'DROPPED', dropped_by_id = %s, dropped_at = %s", staff.pk, NOW)
    raw("DELETE FROM sales_creditentry WHERE kind = 'REFUND_DROPPED'")
    tell(f"Refund {refund.pk} is DROPPED", "is credit again")


def test_a_balance_that_its_entries_do_not_make() -> None:
    make_order(status=S.PAID)
    PlayerCredit.objects.update(balance_minor=5)
    tell("says 5 PYG", "add up to 0")
    tell("of which 100005 is in orders")


def test_money_that_stands_with_somebody_else() -> None:
    make_order(status=S.PAID)
    stranger = make_player()
    Payment.objects.update(player=stranger)
    tell("another player than its order")
    tell("Entry", "its payment")
    raw("UPDATE sales_creditentry SET currency = 'USD' WHERE kind = 'ORDER'")
    tell("Entry", "its order")


def test_evidence_that_is_lost_or_altered(tmp_path: Path) -> None:
    refund = make_order(status=S.REFUNDED).refunds.get()
    refund = make_refund(refund_id=refund.pk, by=make_staff(), reference="", evidence=png_bytes(), now=NOW)
    file = tmp_path / str(refund.evidence.name)
    file.write_bytes(b"another picture")
    tell(f"evidence of refund {refund.pk} was changed")
    file.unlink()
    tell(f"evidence of refund {refund.pk} is missing")
