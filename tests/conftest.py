from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from itertools import count
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation
from psycopg import sql

from raffles.audit import guards
from raffles.draws import guards as draw_guards

plain_flush = BaseDatabaseOperations.execute_sql_flush
# What migrations make from the models and no test changes. Kept, it need not be made again after each test.
OF_THE_MODELS = ("django_content_type", "auth_permission")
VACUUM_EVERY, MOST_DEAD = 25, 20_000
MANY_DEAD = "SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > %s"

_ended = count(1)

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="a skipped test fails: everything it needs is here"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts the whole product takes minutes and comes first: one process would end with it alone."""
    items.sort(key=lambda item: item.get_closest_marker("own_database") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """A test that sold a million numbers leaves as many dead rows, which later ones would read past.

    Where the server vacuums by itself this finds little to do.
    """
    yield
    where = connection.settings_dict
    if where["NAME"].startswith("test_") and next(_ended) % VACUUM_EVERY == 0:
        vacuum(where)


def vacuum(where: Mapping[str, Any]) -> None:
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    with psycopg.connect(**{name: where[key] for name, key in names.items()}, autocommit=True) as line:
        for (table,) in line.execute(MANY_DEAD, [MOST_DEAD]).fetchall():
            line.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> None:
    """A request leaves its language behind in the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _empty_queue() -> None:
    """Redis keeps what an earlier run left."""
    settings.HUEY.flush()


def may_pass_triggers(connection: BaseDatabaseWrapper) -> bool:
    """A role that is no superuser of PostgreSQL takes the long way."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
    return bool(is_superuser)


def delete_rows(connection: BaseDatabaseWrapper, tables: set[str]) -> None:
    """What TRUNCATE does, which makes all tables and indexes anew on disk and takes a second or two.

    Without triggers: neither foreign keys nor guards of the log are asked.
    """
    emptied = sorted(tables - set(OF_THE_MODELS))
    has_rows = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\")"
    asked = " UNION ALL ".join(map(has_rows.format, emptied))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(asked)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a table of ours


@pytest.fixture(autouse=True, scope="session")
def _log_emptied_between_tests() -> Generator[None]:
    """A test that commits ends with empty tables, which the log's own guards would refuse."""

    def flush_all(operations: BaseDatabaseOperations, sql: Iterable[str]) -> None:
        if may_pass_triggers(operations.connection):
            delete_rows(operations.connection, set(re.findall(r'"(\w+)"', " ".join(sql))))
            return
        for each in (guards, draw_guards):
            each.remove(operations.connection)
        plain_flush(
            operations, [each for each in sql if not any(f'"{name}"' in each for name in OF_THE_MODELS)]
        )
        for each in (guards, draw_guards):
            each.install(operations.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_all)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
        yield
