from __future__ import annotations

from huey import Huey
from huey.storage import PostgresStorage

# Any number that nobody else locks by.
LOCK = 7_305_114


def make_queue_tables(huey: Huey) -> None:
    """Where the queue lives in PostgreSQL. In turn: two that create the same table at once fail there."""
    storage = huey.storage
    if not isinstance(storage, PostgresStorage):
        return
    with storage.db(commit=True) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        for statement in storage.ddl:
            cursor.execute(statement)
