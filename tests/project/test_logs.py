"""What the database says of a row that it refuses holds the row: no log may repeat it."""

from __future__ import annotations

import io
import logging
import logging.config
import sqlite3
import sys

import psycopg.errors
import pytest
import redis.exceptions
from django.db import IntegrityError, OperationalError
from django.test import Client

from config.logs import LOGGING

TOLD = (
    'duplicate key value violates unique constraint "contact_wa_id_unique"\n'
    "DETAIL:  Failing row contains (7, 595981000001, Ana Benítez\n"
    "\n"
    "hola, soy yo)."
)


@pytest.fixture
def written() -> io.StringIO:
    """As the product's own handler writes it."""
    found = io.StringIO()
    configured = logging.config.DictConfigurator(LOGGING).configure_formatter(
        dict(LOGGING["formatters"]["line"])
    )
    handler = logging.StreamHandler(found)
    handler.setFormatter(configured)
    logger = logging.getLogger("test.of.logs")
    logger.addHandler(handler)
    try:
        try:
            raise psycopg.errors.UniqueViolation(TOLD)
        except psycopg.errors.UniqueViolation as error:
            raise IntegrityError(TOLD) from error
    except IntegrityError:
        logger.exception("order %s could not be expired", 5)
    finally:
        logger.removeHandler(handler)
    return found


def test_a_row_that_was_refused_is_not_in_the_log(written: io.StringIO) -> None:
    for private in ("Ana", "595981000001", "soy yo"):
        assert private not in written.getvalue()


def test_what_was_refused_and_where_is_in_the_log(written: io.StringIO) -> None:
    text = written.getvalue()
    assert text.count("contact_wa_id_unique") == 2
    assert text.count("Traceback") == 2
    assert "The above exception was the direct cause" in text
    assert "order 5 could not be expired" in text


def written_about(error: Exception) -> str:
    formatter = logging.config.DictConfigurator(LOGGING).configure_formatter(
        dict(LOGGING["formatters"]["line"])
    )
    try:
        raise error
    except type(error):
        about = sys.exc_info()
    record = logging.LogRecord("raffles", logging.ERROR, "", 1, "order %s waits", (5,), about)
    text = str(formatter.format(record))
    assert record.exc_info is not None  # other handlers have it still
    return text


def django_error(cause: Exception) -> Exception:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        django_error(psycopg.OperationalError("connection refused\nIs the server running?")),
        django_error(psycopg.errors.AdminShutdown("terminating connection")),
        django_error(sqlite3.OperationalError("unable to open database file")),
        redis.exceptions.ConnectionError("Error 111"),
        redis.exceptions.AuthenticationError("Authentication required."),
        redis.exceptions.ResponseError("DB index is out of range"),
    ],
)
def test_a_store_that_does_not_answer_is_one_line(error: Exception) -> None:
    text = written_about(error)
    assert text.count("\n") == 0
    assert "order 5 waits (" in text


@pytest.mark.parametrize(
    "error",
    [
        django_error(sqlite3.OperationalError("database is locked")),
        django_error(psycopg.errors.QueryCanceled("statement timeout")),
        django_error(psycopg.errors.DeadlockDetected("deadlock")),
        redis.exceptions.ResponseError("wrong type"),
        ValueError("a mistake of ours"),
    ],
)
def test_a_mistake_keeps_its_traceback(error: Exception) -> None:
    assert "Traceback" in written_about(error)


def test_a_name_of_somebody_elses_is_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/admin/login/", headers={"host": "evil.example"}).status_code == 400
    found = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert [(record.levelname, record.exc_info) for record in found] == [("WARNING", None)]
    assert "'evil.example'" in found[0].getMessage()
