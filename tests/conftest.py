from __future__ import annotations

from collections.abc import Generator, Iterable

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations

from raffles.audit import guards


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="a skipped test fails: everything it needs is here"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
    return report


@pytest.fixture(autouse=True, scope="session")
def _empty_queue() -> None:
    """Redis keeps what an earlier run left."""
    settings.HUEY.flush()


@pytest.fixture(autouse=True, scope="session")
def _log_emptied_between_tests() -> Generator[None]:
    """A test that commits ends with empty tables, which the log's own guards would refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_all(operations: BaseDatabaseOperations, sql: Iterable[str]) -> None:
        guards.remove(operations.connection)
        flush(operations, sql)
        guards.install(operations.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_all)
        yield
