"""Several couriers at once: each row is carried by one, none is left lying."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import QuerySet

from tests.simulator.conftest import NOW
from whatsapp.simulator import courier, deliveries
from whatsapp.simulator.courier_threads import Couriers
from whatsapp.simulator.models import WebhookDelivery

COURIERS = 4
ROWS = 40


def claimed_at_once() -> list[list[int]]:
    """What each courier got hold of when all of them reach for the same rows."""
    WebhookDelivery.objects.bulk_create(WebhookDelivery(payload="{}", not_before=NOW) for _ in range(ROWS))
    start = threading.Barrier(COURIERS)

    def reach(_: int) -> list[int]:
        start.wait(timeout=10)
        try:
            return [row.pk for _ in range(COURIERS) for row in deliveries.claim(NOW, ROWS // COURIERS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(COURIERS) as pool:
        return list(pool.map(reach, range(COURIERS)))


@pytest.mark.django_db(transaction=True)
def test_no_two_couriers_carry_one_row() -> None:
    taken = sorted(pk for rows in claimed_at_once() for pk in rows)

    assert taken == sorted(WebhookDelivery.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_without_claims_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    def unguarded(due: QuerySet[WebhookDelivery], now: datetime) -> list[WebhookDelivery]:
        return list(due)

    monkeypatch.setattr(deliveries, "_taken", unguarded)

    taken = [pk for rows in claimed_at_once() for pk in rows]

    assert len(taken) > len(set(taken))


class Errand:
    """Stands in for carrying: counts the rounds, and fails or finds more when told to."""

    def __init__(self, *outcomes: bool | Exception) -> None:
        self.outcomes = list(outcomes)
        self.done = threading.Event()
        self.rounds = 0
        self._lock = threading.Lock()

    def __call__(self, _now: datetime) -> bool:
        with self._lock:
            self.rounds += 1
            outcome = self.outcomes.pop(0) if self.outcomes else False
            if not self.outcomes:
                self.done.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_courier_that_finds_more_than_it_can_carry_calls_the_next() -> None:
    errand = Errand(True, True, False)

    Couriers(errand).wake(2)

    assert errand.done.wait(timeout=10)
    assert errand.rounds >= 3


def test_a_courier_that_stumbles_goes_on() -> None:
    errand = Errand(RuntimeError("stumbled"), False)
    couriers = Couriers(errand)

    couriers.wake(1)

    assert errand.done.wait(timeout=10)


def test_nobody_is_woken_where_the_courier_is_switched_off(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    wake: Callable[[int], None] = woken.append
    monkeypatch.setattr(courier._couriers, "wake", wake)

    settings.SIMULATOR_COURIER = False
    courier.wake()
    settings.SIMULATOR_COURIER = True
    courier.wake()
    settings.SIMULATOR_COURIER_THREADS = 2
    courier.wake()

    assert woken == [4, 2]
