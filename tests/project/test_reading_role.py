"""The SQL of docs/operations.md for a role that only reads: it works, and shows nobody who won."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from raffles.draws.models import Award, DrawSecret, Outcome
from raffles.sales.models import Order, Player
from tests.draws.staging import held_draw
from whatsapp.models import Contact

GUIDE = Path(settings.BASE_DIR) / "docs" / "operations.md"
GRANT = re.compile(r"GRANT SELECT(?: \(([^)]+)\))? ON ([\w, ]+) TO raffles_reports;")
OPENING = {"code", "player_id"}


def statements() -> list[str]:
    section = GUIDE.read_text().split("### A role that only reads")[1].split("\n### ")[0]
    return re.findall(r"^    (.+;)$", section, flags=re.MULTILINE)


def granted() -> dict[str, set[str]]:
    """Table to its columns, of those that are given whole all."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    found: dict[str, set[str]] = {}
    for columns, tables in GRANT.findall("\n".join(statements())):
        for table in tables.split(", "):
            every = {str(field.column) for field in models[table]._meta.concrete_fields}
            found[table] = set(columns.split(", ")) if columns else every
            assert found[table] <= every, table
    return found


def test_nothing_that_is_granted_leads_to_a_person() -> None:
    tables = granted()
    assert len(tables) == 8
    people = {Player, Contact, Award, Outcome}
    for model in apps.get_models(include_auto_created=True):
        columns = tables.get(model._meta.db_table, set())
        leading = [
            field.column
            for field in model._meta.concrete_fields
            if field.related_model in people or (field.related_model is Order and model is Award)
        ]
        assert not columns & {str(column) for column in leading}, model
    for private in (Player, Contact, Award, Outcome, DrawSecret):
        assert private._meta.db_table not in tables
    assert not tables["sales_order"] & OPENING


@contextmanager
def as_reader() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE raffles_reports")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def may_read(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        return False
    return True


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_gives_that_role_what_the_guide_says_and_no_more() -> None:
    held_draw()
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
    tables = granted()
    with as_reader():
        for table in connection.introspection.table_names():
            columns = ", ".join(f'"{column}"' for column in sorted(tables.get(table, ())))
            assert may_read(f'SELECT {columns or "*"} FROM "{table}"') == (table in tables), table  # noqa: S608
        assert not may_read("SELECT code FROM sales_order")
        assert not may_read("SELECT player_id FROM sales_order")
        assert not may_read("UPDATE raffles_raffle SET title = title")
