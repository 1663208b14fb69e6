"""Payments and refunds of before have their place in the accounts after the migration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from raffles.sales.invariants import violations
from raffles.sales.models import CreditEntry, Order, Payment, PlayerCredit, Refund
from tests.factories import NOW

BEFORE = [("sales", "0002_staff_permissions"), ("auth", "0012_alter_user_first_name_max_length")]


@pytest.fixture
def before(transactional_db: None) -> Iterator[Any]:
    """The rows as they were known then."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    call_command("migrate", verbosity=0)


def old_order(apps: Any, code: str, status: str, reference: str) -> None:
    player = apps.get_model("sales", "Player").objects.create(name="Ana", language="es", created_at=NOW)
    user, _ = apps.get_model("auth", "User").objects.get_or_create(username="rosa")
    order = apps.get_model("sales", "Order").objects.create(
        code=code,
        player=player,
        kind="numbers",
        currency="PYG",
        total_minor=5000,
        status=status,
        hold_minutes=15,
        created_at=NOW,
        closed_at=NOW,
    )
    apps.get_model("sales", "OrderChange").objects.create(order=order, to_status=status, at=NOW, actor="x")
    money = {"order": order, "amount_minor": 5000, "currency": "PYG"}
    apps.get_model("sales", "Payment").objects.create(
        **money, reference=reference, confirmed_by=user, confirmed_at=NOW
    )
    if status == "REFUNDED":
        apps.get_model("sales", "Refund").objects.create(**money, reason="asked", made_by=user, made_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_old_money_is_booked_and_old_refunds_were_made(before: Any) -> None:
    old_order(before, "AAAAAA", "PAID", "TRX 1")
    old_order(before, "BBBBBB", "REFUNDED", "trx-1")
    old_order(before, "CCCCCC", "PAID", "")
    call_command("migrate", verbosity=0)
    assert violations(NOW) == []
    paid = Order.objects.get(code="AAAAAA")
    assert [entry.kind for entry in CreditEntry.objects.filter(player=paid.player)] == ["PAYMENT", "ORDER"]
    refund = Refund.objects.get()
    assert (refund.status, refund.requested_at) == ("MADE", NOW)
    assert refund.player == Order.objects.get(code="BBBBBB").player
    assert set(PlayerCredit.objects.values_list("balance_minor", flat=True)) == {0}
    keys = Payment.objects.order_by("pk").values_list("reference_key", flat=True)
    assert list(keys) == ["trx1", "", ""]  # the second of two that name one transfer is not compared
