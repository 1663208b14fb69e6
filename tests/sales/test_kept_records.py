from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from raffles.numbers.models import Ticket
from raffles.sales.errors import KeptForever
from raffles.sales.models import (
    CreditEntry,
    Order,
    OrderChange,
    Payment,
    PaymentProof,
    PlayerCredit,
    Refund,
)
from tests.factories import NOW, make_order, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status
KEPT: list[type[models.Model]] = [
    Order,
    OrderChange,
    PaymentProof,
    Payment,
    Refund,
    CreditEntry,
    PlayerCredit,
    Ticket,
]


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
    for witness in (order.player, order.payments.get().confirmed_by, order.tickets.all()[0].raffle):
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


def test_the_database_refuses_a_payment_of_nothing_and_one_transfer_twice() -> None:
    raffle = make_raffle()
    paid = [make_order(raffle=raffle, numbers=[n], status=S.PAID).payments.get() for n in (1, 2)]
    with pytest.raises(IntegrityError, match="sales_payment_positive"), transaction.atomic():
        Payment.objects.update(amount_minor=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk__in=[payment.pk for payment in paid]).update(reference_key="77")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "MADE"}, "sales_refund_decided"),
        ({"status": "LOST"}, "sales_refund_decided"),
        ({"dropped_at": NOW}, "sales_refund_decided"),
        ({"amount_minor": 0}, "sales_refund_positive"),
        ({"currency": "pyg"}, "sales_refund_currency"),
    ],
)
def test_the_database_refuses_a_refund_that_cannot_be(change: dict[str, Any], constraint: str) -> None:
    make_order(status=S.REFUNDED)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Refund.objects.update(**change)


def test_the_database_refuses_less_than_no_credit() -> None:
    make_order(status=S.PAID)
    with pytest.raises(IntegrityError, match="sales_credit_not_negative"), transaction.atomic():
        PlayerCredit.objects.update(balance_minor=-1)


def test_the_database_books_nothing_twice_and_nothing_without_its_source() -> None:
    entry = make_order(status=S.PAID).entries.get()
    row = {"player": entry.player, "currency": "PYG", "at": NOW, "actor": "staff:eva"}
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.objects.create(**row, kind="ORDER", order=entry.order, amount_minor=-1)
    for wrong in ({"kind": "ORDER", "amount_minor": -1}, {"kind": "REFUND", "order": entry.order}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditEntry.objects.create(**{**row, "amount_minor": 1, **wrong})


def test_an_entry_cannot_be_rewritten() -> None:
    entry = make_order(status=S.PAID).entries.get()
    with pytest.raises(KeptForever):
        entry.save()
    with pytest.raises(KeptForever):
        CreditEntry.objects.update(amount_minor=1)


def test_the_database_refuses_a_refund_without_a_reason() -> None:
    make_order(status=S.REFUNDED)
    with pytest.raises(IntegrityError, match="sales_refund_reason"), transaction.atomic():
        Refund.objects.update(reason="")
