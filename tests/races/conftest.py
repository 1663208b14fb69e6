from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Model
from pytest_django import Settings

from raffles.numbers.models import Ticket
from raffles.sales.models import CreditEntry, Payment

Outcome = Any
Race = Callable[[list[Callable[[], Any]]], list[Outcome]]


@pytest.fixture(autouse=True)
def nobody_listens(settings: Settings, tmp_path: Path) -> None:
    settings.RAFFLES_LISTENERS = []
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def race() -> Race:
    """Runs all at once, each in a thread with a connection of its own; gives what came back or was raised."""

    def run(attempts: list[Callable[[], Any]]) -> list[Outcome]:
        start = threading.Barrier(len(attempts), timeout=60)
        outcomes: list[Outcome] = [None] * len(attempts)

        def attempt(place: int) -> None:
            try:
                connection.ensure_connection()
                start.wait()
                outcomes[place] = attempts[place]()
            except Exception as error:  # noqa: BLE001 - a test judges it
                outcomes[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=attempt, args=(place,)) for place in range(len(attempts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run


@pytest.fixture
def no_unique_claim(transactional_db: None) -> Any:
    """The guard off: two live claims on one number are possible, and go before it is on again."""
    guard = next(each for each in Ticket._meta.constraints if each.name == "raffles_ticket_one_live_claim")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Ticket, guard)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM raffles_ticket")
    with connection.schema_editor() as editor:
        editor.add_constraint(Ticket, guard)


def without(model: type[Model], name: str) -> Iterator[None]:
    """The guard off: what it forbids is possible, and its rows go before it is on again."""
    guard = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, guard)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {CreditEntry._meta.db_table}")  # noqa: S608 - our own table names
        cursor.execute(f"DELETE FROM {Payment._meta.db_table}")  # noqa: S608
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)


@pytest.fixture
def no_single_charge(transactional_db: None) -> Any:
    yield from without(CreditEntry, "sales_entry_order_once")


@pytest.fixture
def no_single_reference(transactional_db: None) -> Any:
    yield from without(Payment, "sales_payment_reference_once")
