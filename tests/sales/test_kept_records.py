from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from raffles.numbers.models import Ticket
from raffles.sales.errors import KeptForever
from raffles.sales.models import Order, OrderChange, Payment, PaymentProof, Refund
from tests.factories import NOW, make_order

pytestmark = pytest.mark.django_db

S = Order.Status
KEPT: list[type[models.Model]] = [Order, OrderChange, PaymentProof, Payment, Refund, Ticket]


@pytest.mark.parametrize("model", KEPT)
def test_what_tells_about_money_cannot_be_deleted(model: Any) -> None:
    make_order(status=S.REFUNDED)
    with pytest.raises(KeptForever):
        model.objects.first().delete()
    with pytest.raises(KeptForever):
        model.objects.all().delete()
    assert model.objects.exists()


def test_history_cannot_be_rewritten() -> None:
    change = make_order().changes.get()
    with pytest.raises(KeptForever):
        change.save()
    with pytest.raises(KeptForever):
        OrderChange.objects.update(actor="nobody")


def test_who_bought_or_confirmed_cannot_be_deleted() -> None:
    order = make_order(status=S.PAID)
    for witness in (order.player, order.payment.confirmed_by, order.tickets.all()[0].raffle):
        with pytest.raises(ProtectedError):
            witness.delete()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"total_minor": 0}, "sales_order_total_positive"),
        ({"currency": "pyg"}, "sales_order_currency"),
        ({"code": "ABC10O"}, "sales_order_code"),
        ({"status": "LOST"}, "sales_order"),
        ({"expires_at": None}, "sales_order_clock_runs_while_held"),
        ({"status": "PAID"}, "sales_order"),
        ({"closed_at": NOW}, "sales_order_closed_when_over"),
        ({"late_since": NOW}, "sales_order_late_only_under_review"),
        ({"hold_minutes": 0}, "sales_order_hold_positive"),
    ],
)
def test_the_database_refuses_an_order_that_cannot_be(change: dict[str, Any], constraint: str) -> None:
    order = make_order()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"size": 0}, "sales_proof_not_empty"),
        ({"status": "ACCEPTED"}, "sales_proof_decided"),
        ({"decided_at": NOW}, "sales_proof_decided"),
    ],
)
def test_the_database_refuses_a_proof_that_cannot_be(change: dict[str, Any], constraint: str) -> None:
    make_order(status=S.UNDER_REVIEW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PaymentProof.objects.update(**change)


def test_the_database_refuses_a_second_payment_and_one_of_nothing() -> None:
    payment = make_order(status=S.PAID).payment
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            order=payment.order,
            amount_minor=1,
            currency="PYG",
            confirmed_by=payment.confirmed_by,
            confirmed_at=NOW,
        )
    with pytest.raises(IntegrityError, match="sales_payment_positive"), transaction.atomic():
        Payment.objects.update(amount_minor=0)


def test_the_database_refuses_a_refund_without_a_reason() -> None:
    make_order(status=S.REFUNDED)
    with pytest.raises(IntegrityError, match="sales_refund_reason"), transaction.atomic():
        Refund.objects.update(reason="")
