"""A store that does not answer is told in one line: the traceback of an outage shows nothing more."""

from __future__ import annotations

from collections.abc import Iterator

DRIVERS = {"redis", "psycopg", "psycopg_pool", "sqlite3"}
# PostgreSQL's classes of states: no connection, no right to one, no such database, shut down.
STATES = ("08", "28", "3D", "57P")
LOST = {"ConnectionError", "TimeoutError", "PoolTimeout"}
# What SQLite and Redis have no kind of error for.
UNOPENED = ("unable to open database file", "DB index is out of range")


def outage(error: BaseException | None) -> str | None:
    """Why a store could not be reached; None when something else is the matter."""
    for each in _causes(error):
        if _is_outage(each):
            return f"{type(each).__name__}: {in_one_line(each)}"
    return None


def is_of_a_driver(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in DRIVERS


def in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Django's own error has the driver's for its cause."""
    while error is not None:
        yield error
        error = error.__cause__


def _is_outage(error: BaseException) -> bool:
    if not is_of_a_driver(error):
        return False
    if any(kind.__name__ in LOST for kind in type(error).__mro__) or str(error).startswith(UNOPENED):
        return True
    if not hasattr(error, "sqlstate"):
        return False
    state = error.sqlstate
    return type(error).__name__ == "OperationalError" if state is None else str(state).startswith(STATES)
