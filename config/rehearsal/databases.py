"""A fresh database for one run, made and dropped; and a PostgreSQL server of our own that may be killed."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config.rehearsal.processes import HOST, free_port

HOUSEKEEPING_SECONDS = 60.0


class NoDatabase(RuntimeError):
    """One line for whoever asked."""


@contextmanager
def fresh_database(url: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: a file in the folder, or a new one beside that of `url`."""
    if not url:
        yield f"sqlite:///{folder}/rows.sqlite3"
        return
    name = f"rehearsal_{secrets.token_hex(5)}"
    _run_sql(url, f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        _run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")


def check_database(url: str) -> None:
    if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise NoDatabase(
            f"--database {url!r} is not a postgres://user@host:5432/name address; leave it out for SQLite"
        )
    if url:
        _run_sql(url, "SELECT 1")


def check_queue(url: str) -> None:
    if url and urlsplit(url).scheme not in {"sqlite", "redis", "rediss", "postgres", "postgresql"}:
        raise NoDatabase(f"--queue {url!r} is not a sqlite://, redis:// or postgres:// address")


def end_all_connections(url: str) -> None:
    """What a restart of the server does to its clients, where the server is not ours to restart."""
    name = urlsplit(url).path.removeprefix("/")
    _run_sql(
        urlunsplit(urlsplit(url)._replace(path="/postgres")),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid()",
        name,
    )


class Housekeeper:
    """Stands for autovacuum, once a minute, on a server that has it off: without it the plans of the first
    minute, made for empty tables, are kept for the whole day."""

    def __init__(self, url: str) -> None:
        self._url = url if url and _run_sql(url, "SHOW autovacuum") == "off" else ""
        self._kept_at = time.monotonic()

    def look(self, _paid: int = 0) -> None:
        if self._url and time.monotonic() - self._kept_at > HOUSEKEEPING_SECONDS:
            _run_sql(self._url, "VACUUM ANALYZE")
            self._kept_at = time.monotonic()


def _run_sql(url: str, sql: str, *values: str) -> str:
    """The first word of the answer, if any."""
    try:
        import psycopg  # noqa: PLC0415 - an extra that SQLite does without
    except ImportError:
        raise NoDatabase("PostgreSQL needs psycopg; install requirements/production.txt") from None
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            answer = connection.execute(sql.encode(), values or None)
            first = answer.fetchone() if answer.description else None
            return str(first[0]) if first else ""
    except psycopg.Error as error:
        first_line = str(error).strip().partition("\n")[0]
        raise NoDatabase(f"{urlsplit(url).hostname}: {first_line}") from None


class OwnServer:
    """A PostgreSQL of our own in a folder: restarting the machine's would end other people's work."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs
        self._port = free_port()
        self.url = f"postgres://postgres@{HOST}:{self._port}/postgres"

    def make(self) -> None:
        if runs_as_root():
            shutil.chown(self._folder, user="postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", str(self._data))
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"\nport = {self._port}\nlisten_addresses = '{HOST}'\nunix_socket_directories = ''\n"
                "fsync = on\nmax_connections = 100\n"
            )
        self.start()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self._folder / "server.log"))

    def restart(self) -> None:
        """Immediate: no goodbye to anybody, recovery from the log at the start."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self._data))
        self.start()

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self._data))

    def _run(self, program: str, *arguments: str) -> None:
        """The server refuses to run as root."""
        command = [str(self._programs / program), *arguments]
        if runs_as_root():
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
        if done.returncode:
            raise NoDatabase(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-300:]}")


def runs_as_root() -> bool:
    return os.geteuid() == 0


def server_programs() -> Path | None:
    """Where initdb and pg_ctl are, newest first; None where no server is installed."""
    on_path = shutil.which("pg_ctl")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    places = [*reversed(installed), *([Path(on_path).parent] if on_path else [])]
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def own_server(programs: Path) -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="rehearsal-postgres-") as folder:
        server = OwnServer(Path(folder), programs)
        server.make()
        try:
            yield server
        finally:
            server.stop()
