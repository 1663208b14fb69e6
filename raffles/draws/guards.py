"""What was published of a draw stays as it was, and the database itself says so.

1. versions of a rule, pages of entries, exclusions and typed results are neither changed nor deleted;
2. a draw never goes back;
3. what was frozen, the instant of it and the round that follows from it never change, but for the later round
   of a secret that was lost; nor do results that two people typed, nor the result itself.

On SQLite rebuilding a table drops its triggers: a migration that alters one of these begins with `remove`
and ends with `install`. Whoever owns the tables can still drop a trigger; the published document then tells.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = ("draws_ruleversion", "draws_entrypage", "draws_exclusion", "draws_typedresult")
_SAYS = "what was published of a draw stays"
# Columns that do not change once the draw has this status; None stands for the end.
_FIXED = {
    "CLOSED": ("rule_digest", "secret_hash", "chain", "closes_at", "draws_at", "method"),
    "DRAWN": (
        "beacon_round",
        "beacon_signature",
        "fallback",
        "secret",
        "seed",
        "sequence",
        "witnesses",
        "drawn_at",
    ),
}
# From the root on, which is written a moment after the status; zeros stand for it until then.
_FROZEN = ("root", "entry_count", "closed_at")
_HAS_ROOT = f"(OLD.root <> '' AND OLD.root <> '{'0' * 64}')"
_LATER_ROUND = "(OLD.fallback = '' AND NEW.fallback = 'SECRET_LOST')"
_BACK = (
    "(OLD.status = 'DRAWN' AND NEW.status <> 'DRAWN')"
    " OR (OLD.status = 'CALLED_OFF' AND NEW.status <> 'CALLED_OFF')"
    " OR (OLD.status = 'CLOSED' AND NEW.status NOT IN ('CLOSED', 'DRAWN', 'CALLED_OFF'))"
    " OR (OLD.status = 'COMMITTED' AND NEW.status = 'PLANNED')"
)


def install(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    make = _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql()
    with connection.cursor() as cursor:
        for statement in make:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name in names():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        if connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION IF EXISTS draws_published_stays() CASCADE")


def names() -> list[str]:
    """Of the triggers, the same on both databases."""
    return [*(f"{table}_{deed}" for table in KEPT for deed in ("stays", "is_kept")), "draws_draw_stays"]


def _changed() -> str:
    """SQL that is true when an update changes what is fixed."""
    after = {"CLOSED": "('CLOSED', 'DRAWN')", "DRAWN": "('DRAWN')"}
    parts = [
        f"(OLD.status IN {after[status]} AND OLD.{column} IS DISTINCT FROM NEW.{column})"
        for status, columns in _FIXED.items()
        for column in columns
    ]
    frozen = [f"({_HAS_ROOT} AND OLD.{column} IS DISTINCT FROM NEW.{column})" for column in _FROZEN]
    moved = f"({_HAS_ROOT} AND OLD.beacon_round IS DISTINCT FROM NEW.beacon_round AND NOT {_LATER_ROUND})"
    typed = "(OLD.typed IS NOT NULL AND OLD.typed IS DISTINCT FROM NEW.typed)"
    return " OR ".join([_BACK, *parts, *frozen, moved, typed])


def _on_sqlite() -> list[str]:
    stop = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    kept = [
        statement
        for table in KEPT
        for statement in (
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {stop}",
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {stop}",
        )
    ]
    changed = _changed().replace("IS DISTINCT FROM", "IS NOT")
    return [*kept, f"CREATE TRIGGER draws_draw_stays BEFORE UPDATE ON draws_draw WHEN {changed} {stop}"]


def _on_postgresql() -> list[str]:
    function = f"""
        CREATE FUNCTION draws_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'restrict_violation';
        END $$
    """
    run = "FOR EACH ROW EXECUTE FUNCTION draws_published_stays()"
    kept = [
        statement
        for table in KEPT
        for statement in (
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {run}",
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {run}",
        )
    ]
    draw = (
        "CREATE TRIGGER draws_draw_stays BEFORE UPDATE ON draws_draw FOR EACH ROW "
        f"WHEN ({_changed()}) EXECUTE FUNCTION draws_published_stays()"
    )
    return [function, *kept, draw]
