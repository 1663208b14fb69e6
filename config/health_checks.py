"""What must be well for the product to do its work, asked one by one.

The words are fixed: an exception may hold addresses and passwords, and who asks is not always one of us.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import cache as remember

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.beat import SILENT_AFTER, silence

logger = logging.getLogger(__name__)


class Unwell(Exception):
    """Its words may be shown to whoever asks."""


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    missing = _last_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    if missing:
        raise Unwell(f"migrations are missing in {', '.join(sorted({app for app, _ in missing}))}")


@remember
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Read from disk once: they change with the code, and the code with a new start."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def check_cache() -> None:
    key, word = f"health-{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, word, timeout=10)
    if cache.get(key) != word:
        raise Unwell("does not keep what it is given")
    cache.delete(key)


def check_queue() -> None:
    settings.HUEY.pending_count()


def check_worker() -> None:
    silent = silence(now=timezone.now())
    if silent is None:
        raise Unwell("no worker was ever heard")
    if silent > SILENT_AFTER:
        raise Unwell(f"no worker was heard for {silent.total_seconds():.0f} seconds")


def check_storage() -> None:
    """A full disk takes the name of a file and refuses what is in it."""
    name = f"health-probe-{secrets.token_hex(8)}"
    try:
        default_storage.save(name, ContentFile(b"probe"))
    finally:
        default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "cache": check_cache,
    "queue": check_queue,
    "worker": check_worker,
    "storage": check_storage,
}
NEED_THE_DATABASE = ("migrations", "worker")


def complaints() -> dict[str, str | None]:
    """Each component by name, with what is wrong or None."""
    found: dict[str, str | None] = {}
    for name, check in CHECKS.items():
        # Each would wait once more for a database that does not answer.
        without = name in NEED_THE_DATABASE and found["database"] is not None
        found[name] = "needs the database" if without else _complaint(name, check)
    return found


def _complaint(name: str, check: Callable[[], None]) -> str | None:
    try:
        check()
    except Unwell as unwell:
        return str(unwell)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is an answer to the question
        logger.warning("health: %s fails: %s", name, type(error).__name__)
        return "fails"
    return None
