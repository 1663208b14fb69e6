"""The log only grows, and the database itself says so, whoever connects with the rights of the product.

1. no line is changed;
2. no line is deleted, one by one or (PostgreSQL) all at once;
3. SQLite: none is replaced by another with its key, which would fire no trigger for deleting.

Rebuilding the table on SQLite drops its triggers: a migration that alters AuditEntry begins with `remove`
and ends with `install`. Who owns the table can still drop a trigger; docs/operations.md says how the product
connects as somebody who does not.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TRIGGERS = {
    "sqlite": ("audit_entry_stays", "audit_entry_is_kept", "audit_entry_is_not_replaced"),
    "postgresql": ("audit_entry_stays", "audit_entry_is_kept", "audit_entries_are_kept"),
}

_SQLITE = (
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
    """
    CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
    """
    CREATE TRIGGER audit_entry_is_not_replaced BEFORE INSERT ON audit_auditentry
    WHEN EXISTS (SELECT 1 FROM audit_auditentry WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
)

_POSTGRESQL = (
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_entries_are_kept BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
    """,
)


def install(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    _run(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)


def remove(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS["sqlite"]])
    else:
        _run(connection, ["DROP FUNCTION IF EXISTS audit_only_grows CASCADE"])


def _run(connection: BaseDatabaseWrapper, statements: list[str] | tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
