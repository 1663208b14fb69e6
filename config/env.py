"""Settings as they arrive from the environment, checked one by one.

Every reader raises `BadSetting` with one line that names the setting, so that a wrong value stops the start
instead of a sale.
"""

from __future__ import annotations

import re
import zoneinfo
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from decouple import UndefinedValueError, config
from django.core.exceptions import ImproperlyConfigured
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

ROOT = Path(__file__).resolve().parent.parent
# A server that is gone must cost a request seconds, not minutes.
CONNECT_SECONDS = 5
# What a development copy uses without being told; each is refused where money moves.
DEVELOPMENT = {
    "SECRET_KEY": "development-only-secret-key-do-not-use-where-money-moves",
    "WHATSAPP_APP_SECRET": "simulator-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "simulator-verify-token",
    "WHATSAPP_ACCESS_TOKEN": "simulator-access-token",
    "WHATSAPP_PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000002",
}


WINDOWS = {"s": 1, "min": 60, "h": 3600, "day": 86_400}


class BadSetting(ImproperlyConfigured):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")


def text(name: str, default: str | None = None) -> str:
    try:
        return str(config(name) if default is None else config(name, default=default)).strip()
    except UndefinedValueError:
        raise BadSetting(name, "is missing; see .env.example") from None


def own(name: str, *, debug: bool) -> str:
    """A value nobody else may know or share: it has a default in development only."""
    raw = text(name, DEVELOPMENT[name] if debug else None)
    if not raw:
        raise BadSetting(name, "is empty; see .env.example")
    return raw


def own_words(name: str, *, debug: bool) -> tuple[str, ...]:
    """A comma list of such values, so that a new one can be taken up before the old one goes."""
    found = tuple(word.strip() for word in own(name, debug=debug).split(",") if word.strip())
    if not found:
        raise BadSetting(name, "is empty; see .env.example")
    return found


def token(name: str, *, shortest: int) -> str:
    """A secret that may be left out; it travels in a header."""
    raw = text(name, "")
    if raw and not re.fullmatch(rf"[!-~]{{{shortest},}}", raw):
        raise BadSetting(name, f"must be {shortest} or more ASCII characters without spaces, or left out")
    return raw


def some_of(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A comma list that may be empty; a misspelt word must not be one that silently means nobody."""
    found = tuple(word.strip() for word in text(name, "").split(",") if word.strip())
    for word in found:
        if word not in allowed:
            raise BadSetting(name, f"{word!r} is none of {', '.join(allowed)}")
    return found


def own_number(name: str, *, debug: bool) -> str:
    raw = own(name, debug=debug)
    if not (raw.isascii() and raw.isdigit()):
        raise BadSetting(name, f"{raw!r} is not an id of digits only")
    return raw


def graph_version(name: str, default: str) -> str:
    raw = text(name, default)
    if not re.fullmatch(r"v\d{2}\.\d", raw):
        raise BadSetting(name, f"{raw!r} is not a Graph API version such as {default}")
    return raw


def flag(name: str, *, default: bool) -> bool:
    raw = text(name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(name, f"{raw!r} is not yes or no (1 or 0)")


def whole_number(name: str, *, default: int, lowest: int, highest: int) -> int:
    raw = text(name, str(default))
    if not (raw.isascii() and raw.isdigit() and lowest <= int(raw) <= highest):
        raise BadSetting(name, f"{raw!r} is not a whole number from {lowest} to {highest}")
    return int(raw)


def rate(name: str, default: str) -> tuple[int, int]:
    """600/min, 15/h or 5000/day, as calls and seconds."""
    raw = text(name, default)
    count, _, window = raw.partition("/")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", count) or window not in WINDOWS:
        raise BadSetting(name, f"{raw!r} is not calls in a time such as 600/min, 15/h or 5000/day")
    return int(count), WINDOWS[window]


def hosts(name: str, default: str) -> list[str]:
    found = [word.strip() for word in text(name, default).split(",") if word.strip()]
    for host in found:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", host):
            raise BadSetting(name, f"{host!r} is not a host name such as raffles.example")
    return found


def address(name: str, default: str) -> str:
    raw = text(name, default).rstrip("/")
    parts = _parts(name, raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting(name, f"{raw!r} is not an http(s) address such as https://raffles.example")
    return raw


def optional_address(name: str) -> str:
    return address(name, "") if text(name, "") else ""


def site_url(name: str, default: str) -> str:
    raw = address(name, default)
    if _parts(name, raw).path or "?" in raw or "#" in raw:
        raise BadSetting(name, f"{raw!r} is more than a scheme and a host such as https://raffles.example")
    return raw


def _parts(name: str, raw: str) -> SplitResult:
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise BadSetting(name, "is not an address that can be read") from None
    return parts


def time_zone(name: str, default: str) -> str:
    raw = text(name, default)
    if raw not in zoneinfo.available_timezones():
        raise BadSetting(name, f"{raw!r} is not a time zone such as America/Asuncion")
    return raw


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = text(name, default)
    if raw not in allowed:
        raise BadSetting(name, f"{raw!r} is none of {', '.join(allowed)}")
    return raw


def folder(name: str, default: Path) -> Path:
    path = ROOT / text(name, str(default))
    if path.exists() and not path.is_dir():
        raise BadSetting(name, f"{path} is not a folder")
    return path


def database(name: str, default: str, *, pool: int, pgbouncer: bool) -> dict[str, Any]:
    raw = text(name, default)
    scheme = _parts(name, raw).scheme
    if scheme == "sqlite":
        _refuse_pooling(pool=pool, pgbouncer=pgbouncer)
        return {**dj_database_url.parse(raw), "NAME": str(_file(name, raw)), **_sqlite_options()}
    if scheme in {"postgres", "postgresql"}:
        _need(name, "psycopg")
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


# The same hundred statements make up every turn: planned once for each connection, they cost PostgreSQL half.
PREPARE_AT = 5


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
    parts = _parts(name, raw)
    shared = {"name": "raffles", "immediate": False, "results": False}
    if parts.scheme == "sqlite":
        # No fsync: rows are the truth and a sweep rebuilds the queue, so a power cut costs seconds, not work.
        return SqliteHuey(filename=str(_file(name, raw)), timeout=30, fsync=False, **shared)
    if parts.scheme in {"redis", "rediss"}:
        _need(name, "redis")
        return RedisHuey(connection_pool=_redis_pool(raw), **shared)
    if parts.scheme in {"postgres", "postgresql"}:
        _need(name, "psycopg")
        _refuse_bouncer(name, parts, bouncer)
        return PostgresHuey(dsn=raw, create_tables=False, connect_timeout=CONNECT_SECONDS, **shared)
    raise BadSetting(name, "is not a sqlite://, redis:// or postgres:// address")


def _redis_pool(raw: str) -> Any:
    """A worker waits a second for work, so what takes ten is a server that is gone."""
    from redis import ConnectionPool  # noqa: PLC0415 - an extra that a small shop does not install

    return ConnectionPool.from_url(raw, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=10)


def _refuse_bouncer(name: str, parts: SplitResult, bouncer: dict[str, Any] | None) -> None:
    """Workers are woken by LISTEN, which does not come through PgBouncer's transactions."""
    if bouncer and (parts.hostname, parts.port or 5432) == (bouncer["HOST"], int(bouncer["PORT"] or 5432)):
        raise BadSetting(name, "must reach PostgreSQL itself, not PgBouncer, or be redis://...")
