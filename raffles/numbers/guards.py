"""Rules that no constraint can say, kept by the database itself:

1. a ticket lies within the range of its raffle, and never moves to another number;
2. once anything in it was claimed, the range of a raffle can only grow.

Rebuilding a table on SQLite drops its triggers: a migration that alters Raffle or Ticket begins
with `remove` and ends with `install`.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# What the database says then; whoever claims a moment too late is told that sales are closed.
FROZEN = "the entries of the draw are frozen"
# These two came with the draws, and name their table.
FROZEN_TRIGGERS = ("raffles_ticket_not_frozen", "raffles_ticket_stays_frozen")
TRIGGERS = (
    "raffles_ticket_in_range",
    "raffles_ticket_stays",
    "raffles_range_only_grows",
)

_SQLITE = (
    """
    CREATE TRIGGER raffles_ticket_in_range BEFORE INSERT ON raffles_ticket
    WHEN NOT EXISTS (
        SELECT 1 FROM raffles_raffle
        WHERE id = NEW.raffle_id AND NEW.number BETWEEN first_number AND last_number
    )
    BEGIN SELECT RAISE(ABORT, 'a ticket lies outside the range of its raffle'); END
    """,
    """
    CREATE TRIGGER raffles_ticket_stays BEFORE UPDATE OF raffle_id, number ON raffles_ticket
    WHEN NEW.raffle_id <> OLD.raffle_id OR NEW.number <> OLD.number
    BEGIN SELECT RAISE(ABORT, 'a ticket never moves to another number'); END
    """,
    """
    CREATE TRIGGER raffles_range_only_grows BEFORE UPDATE OF first_number, last_number ON raffles_raffle
    WHEN (NEW.first_number > OLD.first_number OR NEW.last_number < OLD.last_number)
        AND EXISTS (SELECT 1 FROM raffles_ticket WHERE raffle_id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'a range with claims can only grow'); END
    """,
)

# FOR SHARE: a range that shrinks at the same moment waits for the claim, or the claim for it.
_POSTGRESQL = (
    """
    CREATE FUNCTION raffles_ticket_in_range() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM raffles_raffle WHERE id IN (SELECT raffle_id FROM added) ORDER BY id FOR SHARE;
        IF EXISTS (
            SELECT 1 FROM added JOIN raffles_raffle ON raffles_raffle.id = added.raffle_id
            WHERE added.number NOT BETWEEN first_number AND last_number
        ) THEN
            RAISE EXCEPTION 'a ticket lies outside the range of its raffle' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER raffles_ticket_in_range AFTER INSERT ON raffles_ticket
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION raffles_ticket_in_range()
    """,
    """
    CREATE FUNCTION raffles_ticket_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a ticket never moves to another number' USING ERRCODE = 'check_violation';
    END $$
    """,
    """
    CREATE TRIGGER raffles_ticket_stays BEFORE UPDATE OF raffle_id, number ON raffles_ticket FOR EACH ROW
    WHEN (NEW.raffle_id <> OLD.raffle_id OR NEW.number <> OLD.number)
    EXECUTE FUNCTION raffles_ticket_stays()
    """,
    """
    CREATE FUNCTION raffles_range_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM raffles_ticket WHERE raffle_id = OLD.id) THEN
            RAISE EXCEPTION 'a range with claims can only grow' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER raffles_range_only_grows BEFORE UPDATE OF first_number, last_number ON raffles_raffle
    FOR EACH ROW
    WHEN (NEW.first_number > OLD.first_number OR NEW.last_number < OLD.last_number)
    EXECUTE FUNCTION raffles_range_only_grows()
    """,
)


_FROZEN_SQLITE = (
    """
    CREATE TRIGGER raffles_ticket_not_frozen BEFORE INSERT ON raffles_ticket
    WHEN EXISTS (
        SELECT 1 FROM raffles_raffle JOIN draws_draw ON draws_draw.id = raffles_raffle.draw_id
        WHERE raffles_raffle.id = NEW.raffle_id AND draws_draw.status IN ('CLOSED', 'DRAWN')
    )
    BEGIN SELECT RAISE(ABORT, 'the entries of the draw are frozen'); END
    """,
    """
    CREATE TRIGGER raffles_ticket_stays_frozen BEFORE UPDATE OF status ON raffles_ticket
    WHEN NEW.status <> OLD.status AND EXISTS (
        SELECT 1 FROM raffles_raffle JOIN draws_draw ON draws_draw.id = raffles_raffle.draw_id
        WHERE raffles_raffle.id = NEW.raffle_id AND (
            (NEW.status <> 'RELEASED' AND draws_draw.status IN ('CLOSED', 'DRAWN'))
            OR (OLD.status = 'SOLD' AND draws_draw.status = 'CLOSED')
        )
    )
    BEGIN SELECT RAISE(ABORT, 'the entries of the draw are frozen'); END
    """,
)

# FOR SHARE: who sells while the entries are being frozen waits and is refused, or the freezing waits.
_FROZEN_POSTGRESQL = (
    """
    CREATE FUNCTION raffles_ticket_not_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM draws_draw
            WHERE id IN (SELECT draw_id FROM raffles_raffle WHERE id IN (SELECT raffle_id FROM added))
            ORDER BY id FOR SHARE;
        IF EXISTS (
            SELECT 1 FROM draws_draw JOIN raffles_raffle ON draws_draw.id = raffles_raffle.draw_id
            WHERE raffles_raffle.id IN (SELECT raffle_id FROM added)
                AND draws_draw.status IN ('CLOSED', 'DRAWN')
        ) THEN
            RAISE EXCEPTION 'the entries of the draw are frozen' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER raffles_ticket_not_frozen AFTER INSERT ON raffles_ticket
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION raffles_ticket_not_frozen()
    """,
    """
    CREATE FUNCTION raffles_ticket_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found_status text;
    BEGIN
        SELECT draws_draw.status INTO found_status FROM draws_draw
            JOIN raffles_raffle ON draws_draw.id = raffles_raffle.draw_id
            WHERE raffles_raffle.id = NEW.raffle_id FOR SHARE OF draws_draw;
        IF (NEW.status <> 'RELEASED' AND found_status IN ('CLOSED', 'DRAWN'))
            OR (OLD.status = 'SOLD' AND found_status = 'CLOSED')
        THEN
            RAISE EXCEPTION 'the entries of the draw are frozen' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER raffles_ticket_stays_frozen BEFORE UPDATE OF status ON raffles_ticket FOR EACH ROW
    WHEN (NEW.status <> OLD.status AND (NEW.status <> 'RELEASED' OR OLD.status = 'SOLD'))
    EXECUTE FUNCTION raffles_ticket_stays_frozen()
    """,
)


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    remove(schema_editor)
    _run(schema_editor, _SQLITE, _POSTGRESQL)


def install_frozen(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _drop(schema_editor, FROZEN_TRIGGERS)
    _run(schema_editor, _FROZEN_SQLITE, _FROZEN_POSTGRESQL)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _drop(schema_editor, (*TRIGGERS, *FROZEN_TRIGGERS))


def _run(
    schema_editor: BaseDatabaseSchemaEditor, on_sqlite: tuple[str, ...], on_postgresql: tuple[str, ...]
) -> None:
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql:
        schema_editor.execute(statement, params=None)


def _drop(schema_editor: BaseDatabaseSchemaEditor, names: tuple[str, ...]) -> None:
    for name in names:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE", params=None)
