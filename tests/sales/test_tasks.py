from __future__ import annotations

from functools import partial

import pytest
import time_machine
from huey.contrib.djhuey import HUEY

from raffles.sales import tasks
from raffles.sales.actions import expire_orders
from raffles.sales.models import Order
from tests.factories import NOW, make_order, make_raffle


@pytest.mark.django_db
def test_the_minute_sweep_expires_what_is_overdue() -> None:
    order = make_order()
    with time_machine.travel(NOW.replace(hour=16), tick=False):
        tasks.expire_overdue_orders.call_local()
    order.refresh_from_db()
    assert order.status == Order.Status.EXPIRED


@pytest.mark.django_db
def test_one_sweep_frees_all_that_is_overdue_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "expire_orders", partial(expire_orders, limit=2))
    raffle = make_raffle()
    for number in range(5):
        make_order(raffle=raffle, numbers=[number])
    with time_machine.travel(NOW.replace(hour=16), tick=False):
        tasks.expire_overdue_orders.call_local()
    assert set(Order.objects.values_list("status", flat=True)) == {Order.Status.EXPIRED}


def test_the_sweep_is_due_every_minute() -> None:
    task_class = tasks.expire_overdue_orders.task_class
    due = HUEY._registry.string_to_task(f"{task_class.__module__}.{task_class.__name__}")
    assert due().validate_datetime(NOW)
