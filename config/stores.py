"""Where rows and waiting work are kept, as the environment names it; read and refused like every setting."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

import dj_database_url
from huey import Huey, PostgresHuey, RedisHuey

from config.env import ROOT, BadSetting, parts_of, text
from config.outages import in_one_line
from config.sqlite_queue import LastingHuey

# A server that is gone must cost a request seconds, not minutes.
CONNECT_SECONDS = 5
# The same hundred statements make up every turn: planned once for each connection, they cost PostgreSQL half.
PREPARE_AT = 5
OPTIONS_OF_DJANGO = {"assume_role", "currentSchema"}


def sqlite_url(path: Path) -> str:
    """Whatever its folders are called."""
    return f"sqlite:///{quote(str(path))}"


def database(name: str, default: str, *, pool: int, pgbouncer: bool) -> dict[str, Any]:
    raw = text(name, default)
    scheme = parts_of(name, raw).scheme
    if scheme == "sqlite":
        _refuse_pooling(pool=pool, pgbouncer=pgbouncer)
        return {**dj_database_url.parse(raw), "NAME": str(_file(name, raw)), **_sqlite_options()}
    if scheme in {"postgres", "postgresql"}:
        _need(name, "psycopg")
        _refuse_half_an_address(name, raw)
        return _postgres(dj_database_url.parse(raw), pool=pool, pgbouncer=pgbouncer)
    raise BadSetting(name, "is not a sqlite:// or postgres:// address")


def _refuse_pooling(*, pool: int, pgbouncer: bool) -> None:
    for name, asked in (("DB_POOL", pool), ("PGBOUNCER", pgbouncer)):
        if asked:
            raise BadSetting(name, "is for PostgreSQL; leave it 0 while DATABASE_URL is SQLite")


def _file(name: str, raw: str) -> Path:
    """A relative address starts at the project, wherever the command is typed."""
    path = unquote(urlsplit(raw).path.removeprefix("/"))
    if not path or path == ":memory:":
        raise BadSetting(name, "names no file such as sqlite:///var/db.sqlite3")
    found = ROOT / path
    if found.is_dir():
        raise BadSetting(name, f"{found} is a folder, not a file")
    try:
        found.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(name, f"{found.parent} cannot be made ({error.strerror})") from None
    return found


def _need(name: str, module: str) -> None:
    if find_spec(module) is None:
        raise BadSetting(name, f"needs {module}; install requirements/production.txt")


def _sqlite_options() -> dict[str, Any]:
    """IMMEDIATE: a deferred transaction that reads first cannot wait for the writer and fails at once.

    The time-out is generous because SQLite is not fair: a writer may wait more than a second for its turn.
    """
    init = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    return {"OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": init}}


def _refuse_half_an_address(name: str, raw: str) -> None:
    """Without a name PostgreSQL takes the user's; an option it does not know comes up at the first query."""
    from psycopg import ProgrammingError  # noqa: PLC0415 - an extra that a small shop does not install
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    parts = urlsplit(raw)
    if not parts.path.strip("/"):
        raise BadSetting(name, "names no database such as postgres://user:password@host:5432/raffles")
    try:
        make_conninfo(**{word: "1" for word, _ in parse_qsl(parts.query) if word not in OPTIONS_OF_DJANGO})
    except ProgrammingError as error:
        raise BadSetting(name, f"has an option that PostgreSQL does not know: {in_one_line(error)}") from None


def _postgres(found: Any, *, pool: int, pgbouncer: bool) -> dict[str, Any]:
    """One connection kept for each thread, unless a pool of ours or PgBouncer keeps them.

    Every connection is tried before use: PostgreSQL may have been restarted meanwhile.
    """
    prepared = {"server_side_binding": True, "prepare_threshold": PREPARE_AT}
    options = {"connect_timeout": CONNECT_SECONDS, **prepared, **found.get("OPTIONS", {})}
    kept = {**found, "OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if pool and pgbouncer:
        raise BadSetting("DB_POOL", "must be 0 with PGBOUNCER=1: one pool is enough")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": CONNECT_SECONDS}
        return kept | {"CONN_MAX_AGE": 0}
    if pgbouncer:
        # The next transaction may run on another server connection: nothing may outlive this one.
        options["prepare_threshold"] = None
        return kept | {"CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True}
    return kept


def queue(name: str, default: str, *, bouncer: dict[str, Any] | None) -> Huey:
    """`immediate` is explicit: work runs in the worker, in development too.

    Whether Redis or PostgreSQL answers is asked when something is queued, not when the settings are read.
    """
    raw = text(name, default)
    parts = parts_of(name, raw)
    shared = {"name": "raffles", "immediate": False, "results": False}
    if parts.scheme == "sqlite":
        # No fsync: rows are the truth and a sweep rebuilds the queue, so a power cut costs seconds, not work.
        return LastingHuey(filename=str(_file(name, raw)), timeout=30, fsync=False, **shared)
    if parts.scheme in {"redis", "rediss"}:
        _need(name, "redis")
        return RedisHuey(connection_pool=_redis_pool(name, raw), **shared)
    if parts.scheme in {"postgres", "postgresql"}:
        _need(name, "psycopg")
        _refuse_half_an_address(name, raw)
        _refuse_bouncer(name, parts, bouncer)
        return PostgresHuey(dsn=raw, create_tables=False, connect_timeout=CONNECT_SECONDS, **shared)
    raise BadSetting(name, "is not a sqlite://, redis:// or postgres:// address")


def _redis_pool(name: str, raw: str) -> Any:
    """A worker waits a second for work, so what takes ten is a server that is gone."""
    from redis import ConnectionPool  # noqa: PLC0415 - an extra that a small shop does not install

    if not re.fullmatch(r"/?|/\d+", urlsplit(raw).path):
        raise BadSetting(name, "names no database by its number such as redis://host:6379/0")
    try:
        pool = ConnectionPool.from_url(raw, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=10)
        pool.connection_class(**pool.connection_kwargs)  # reaches nobody yet; it knows its options
    except (TypeError, ValueError) as error:
        raise BadSetting(name, f"has an option that is no good: {in_one_line(error)}") from None
    return pool


def _refuse_bouncer(name: str, parts: SplitResult, bouncer: dict[str, Any] | None) -> None:
    """Workers are woken by LISTEN, which does not come through PgBouncer's transactions."""
    if bouncer and (parts.hostname, parts.port or 5432) == (bouncer["HOST"], int(bouncer["PORT"] or 5432)):
        raise BadSetting(name, "must reach PostgreSQL itself, not PgBouncer, or be redis://...")
