from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django import Settings

from raffles.numbers.models import Ticket
from raffles.sales.models import Payment

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


@pytest.fixture
def no_single_payment(transactional_db: None) -> Any:
    """The guard off on PostgreSQL: an order can have two payments, and they go before it is on again."""
    table = Payment._meta.db_table
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, table)
        name = next(
            name for name, each in known.items() if each["unique"] and each["columns"] == ["order_id"]
        )
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table name
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" UNIQUE (order_id)')
