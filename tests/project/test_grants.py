"""deploy/grants.sql: the product works with it, and nobody who has its password changes the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from config.env import ROOT
from raffles.audit.models import AuditEntry
from raffles.sales.models import Player
from tests.draws.staging import committed_raffle, sold

GUIDE = (ROOT / "docs" / "operations.md").read_text()

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def role() -> Iterator[None]:
    statements = re.findall(r"^[A-Z].*;$", (ROOT / "deploy" / "grants.sql").read_text(), flags=re.MULTILINE)
    assert len(statements) == 4
    with connection.cursor() as cursor:
        for statement in re.findall(r"^    (CREATE ROLE raffles_web .*;)$", GUIDE, flags=re.MULTILINE):
            cursor.execute(statement)
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL ROLE raffles_web")
        yield
        cursor.execute("RESET ROLE")


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


@pytest.mark.usefixtures("role")
def test_the_product_sells_with_it_and_its_log_stays() -> None:
    order = sold(committed_raffle(), 7)
    assert Player.objects.filter(pk=order.player_id).exists()
    assert AuditEntry.objects.exists()
    for sql in (
        "UPDATE audit_auditentry SET id = id",
        "DELETE FROM audit_auditentry",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "TRUNCATE audit_auditentry",
    ):
        assert refused(sql), sql


@pytest.mark.usefixtures("role")
def test_it_can_make_the_backup() -> None:
    """pg_dump reads every table and where every sequence stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        assert names
        for name in names:
            cursor.execute(f'SELECT last_value FROM "{name}"')  # noqa: S608
