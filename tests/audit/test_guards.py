"""The database refuses what Python refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from raffles.audit import guards
from raffles.audit.errors import WrittenForGood
from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from tests.conftest import plain_flush
from tests.factories import NOW

pytestmark = pytest.mark.django_db

RAW = {
    "change": "UPDATE audit_auditentry SET reason = 'nothing happened'",
    "change of one": "UPDATE audit_auditentry SET actor = 'somebody else' WHERE id > 0",
    "deletion": "DELETE FROM audit_auditentry",
}
BY_VENDOR = {
    "postgresql": {
        "emptying": "TRUNCATE audit_auditentry",
        "emptying with its keys": "TRUNCATE audit_auditentry RESTART IDENTITY CASCADE",
        "overwriting": "INSERT INTO audit_auditentry SELECT * FROM audit_auditentry"
        " ON CONFLICT (id) DO UPDATE SET reason = 'nothing happened'",
    },
    "sqlite": {
        "replacing": "INSERT OR REPLACE INTO audit_auditentry SELECT * FROM audit_auditentry",
        "replacing by an update": "UPDATE OR REPLACE audit_auditentry SET id = id",
    },
}


def lines() -> list[tuple[int, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("pk", "action", "reason"))


@pytest.fixture
def entry() -> AuditEntry:
    made = record(Deed.ORDER_MOVED, actor="clock", label="KX7P3M", reason="it happened", now=NOW)
    connection.check_constraints()  # a check that is still due would refuse the TRUNCATE before the guard
    return made


@pytest.mark.parametrize("name", [*RAW, *BY_VENDOR[connection.vendor]])
def test_raw_sql_that_would_rewrite_the_log_is_refused(entry: AuditEntry, name: str) -> None:
    before = lines()
    statement = {**RAW, **BY_VENDOR[connection.vendor]}[name]
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert lines() == before != []


def test_without_its_guards_the_same_statement_goes_through(entry: AuditEntry) -> None:
    """The control: it is the triggers that refuse, and nothing else."""
    guards.remove(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute(RAW["change"])
        assert [reason for _key, _action, reason in lines()] == ["nothing happened"]
    finally:
        guards.install(connection)


def test_python_refuses_as_well(entry: AuditEntry) -> None:
    entry.reason = "nothing happened"
    for forbidden in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(reason=""),
        lambda: AuditEntry.objects.bulk_update([entry], ["reason"]),
    ):
        with pytest.raises(WrittenForGood):
            forbidden()
    assert [reason for _key, _action, reason in lines()] == ["it happened"]


def test_who_is_in_the_log_cannot_be_deleted() -> None:
    ana = User.objects.create_user("ana")
    record(Deed.SIGNED_IN, user=ana, subject=ana, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ana.delete()
    assert User.objects.filter(pk=ana.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_django_flush_is_refused_where_no_test_takes_the_guards_off(
    entry: AuditEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BaseDatabaseOperations, "execute_sql_flush", plain_flush)
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert len(lines()) == 1
