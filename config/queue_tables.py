from __future__ import annotations

from huey import Huey
from huey.storage import PostgresStorage

# Any number that nobody else locks by.
LOCK = 7_305_114


def mend_queue_tables(huey: Huey) -> None:
    """A worker looks now and then: the tables may be dropped at any time, for the rows are the truth."""
    storage = huey.storage
    if isinstance(storage, PostgresStorage):
        with storage.db() as cursor:
            cursor.execute("SELECT to_regclass(%s)", (storage.table_task,))
            is_there = cursor.fetchone()[0] is not None
        if not is_there:
            make_queue_tables(huey)


def make_queue_tables(huey: Huey) -> None:
    """Where the queue lives in PostgreSQL. In turn: two that create the same table at once fail there."""
    storage = huey.storage
    if not isinstance(storage, PostgresStorage):
        return
    with storage.db(commit=True) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        for statement in storage.ddl:
            cursor.execute(statement)
