"""What a command ends with where the database is not as it needs it: a line that says what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import Error

from config.outages import outage

# As SQLite words it; PostgreSQL has errors of their own for it.
MISSING_IN_SQLITE = ("no such table", "no such column")
MISSING_IN_POSTGRES = {"UndefinedTable", "UndefinedColumn"}


def complaint(error: Exception) -> str | None:
    """None for a mistake of ours, whose traceback is wanted."""
    why = outage(error)
    if why is not None:
        return f"{_store(error)} does not answer{_place(error)}: {why}"
    if isinstance(error, Error) and _is_something_missing(error):
        return f"The database lacks a table or a column: run manage.py migrate first ({_first_line(error)})"
    return None


def _is_something_missing(error: Exception) -> bool:
    return type(error.__cause__).__name__ in MISSING_IN_POSTGRES or str(error).startswith(MISSING_IN_SQLITE)


def _store(error: Exception) -> str:
    """Django's own errors are of its rows; the queue has the driver's."""
    return "The database" if isinstance(error, Error) else "The queue of HUEY_URL"


def _place(error: Exception) -> str:
    if not isinstance(error, Error):
        return ""
    found: dict[str, Any] = settings.DATABASES["default"]
    server = f"{found.get('HOST') or 'localhost'}:{found.get('PORT') or 5432}"
    return f" at {found['NAME'] if found['ENGINE'].endswith('sqlite3') else server}"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
