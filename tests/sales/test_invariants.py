"""Damage done behind the product's back is found and told in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from raffles.numbers import guards
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Order, PaymentProof
from tests.factories import NOW, make_order, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status


def only(found: list[str], *words: str) -> None:
    assert len(found) == 1, found
    assert all(word in found[0] for word in words), found


def test_a_sound_house_has_nothing_to_tell() -> None:
    raffle = make_raffle()
    for number, status in enumerate(S.values):
        make_order(raffle=raffle, numbers=[number], status=status)
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


def test_a_hold_that_nobody_ended_is_told_after_five_minutes() -> None:
    order = make_order()
    assert sales_violations(NOW + timedelta(minutes=20)) == []
    only(sales_violations(NOW + timedelta(minutes=20, seconds=1)), order.code, "start the worker")


def test_a_status_written_past_the_product_is_told_by_history_and_tickets() -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    Order.objects.filter(pk=order.pk).update(status=S.CANCELLED, expires_at=None, closed_at=NOW)
    only(sales_violations(NOW), order.code, "behind the product's back")
    assert len(number_violations(NOW)) == 2
    Order.objects.filter(pk=order.pk).update(status=S.PAID)
    assert any("no money was charged" in each for each in sales_violations(NOW))


def test_a_proof_that_is_lost_or_altered_is_told() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    name = PaymentProof.objects.get().file.name
    assert name is not None
    default_storage.delete(name)
    only(sales_violations(NOW), order.code, "is missing", name)
    default_storage.save(name, ContentFile(b"another picture"))
    only(sales_violations(NOW), order.code, "was changed", name)


def test_counters_that_lie_are_told() -> None:
    order = make_order()
    NumberBlock.objects.update(sold=7)
    only(number_violations(NOW), order.tickets.all()[0].raffle.code, "counters")


def test_a_number_sold_by_an_unpaid_order_is_told() -> None:
    order = make_order(numbers=[5])
    Ticket.objects.update(status=Ticket.Status.SOLD)
    NumberBlock.objects.update(reserved=0, sold=1)
    only(number_violations(NOW), order.code, "SOLD", "05")


def test_a_total_that_its_tickets_do_not_cost_is_told() -> None:
    order = make_order()
    Order.objects.update(total_minor=1)
    only(number_violations(NOW), order.code, "do not confirm")


def test_a_number_outside_its_raffle_is_told() -> None:
    order = make_order(numbers=[99])
    guards.remove(connection.schema_editor())
    Raffle.objects.update(last_number=50)
    assert any("99" in line and order.tickets.all()[0].raffle.code in line for line in number_violations(NOW))


def test_a_number_that_two_orders_hold_is_told() -> None:
    raffle = make_raffle()
    orders = [make_order(raffle=raffle, numbers=[n]) for n in (5, 6)]
    guards.remove(connection.schema_editor())
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX raffles_ticket_one_live_claim")
    Ticket.objects.filter(number=6).update(number=5)
    only(number_violations(NOW), "Number 5", *(order.code for order in orders), "before the draw")
