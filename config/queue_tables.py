from __future__ import annotations

from huey import Huey
from huey.storage import PostgresStorage

# Any number that nobody else locks by.
LOCK = 7_305_114


def make_queue_tables(huey: Huey) -> None:
    """Where the queue lives in PostgreSQL. Who may make no tables may work with those that are there.

    They may be dropped at any time, for the rows are the truth: a worker looks now and then.
    """
    storage = huey.storage
    if isinstance(storage, PostgresStorage) and not are_there(storage):
        make(storage)


def are_there(storage: PostgresStorage) -> bool:
    names = [storage.table_kv, storage.table_schedule, storage.table_task, storage.table_counter]
    with storage.db() as cursor:
        cursor.execute(
            "SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) name", (names,)
        )
        return bool(cursor.fetchone()[0])


def make(storage: PostgresStorage) -> None:
    """In turn: two that create the same table at once fail there."""
    with storage.db(commit=True) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        for statement in storage.ddl:
            cursor.execute(statement)
