"""Where rows and queue are kept while something is measured."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.rehearsal.databases import fresh_database
from config.rehearsal.processes import free_port
from tests.bench.scale import Where
from tests.bench.site import Places


@dataclass(frozen=True)
class Room:
    name: str
    database: str = ""
    queue: str = ""
    is_judged: bool = True

    @contextmanager
    def opened(self, parent: Path) -> Iterator[Places]:
        with (
            tempfile.TemporaryDirectory(dir=parent) as name,
            fresh_database(self.database, Path(name)) as url,
        ):
            queue = self.queue or f"sqlite:///{name}/queue.sqlite3"
            yield Places(Path(name), url, queue, free_port())


def rooms(where: Where) -> list[Room]:
    """One for each way of running the product; a goal is judged where it carries load."""
    found = []
    if where.postgres and where.redis:
        found.append(Room("PostgreSQL, Redis queue", where.postgres, where.redis))
    if where.postgres:
        found.append(Room("PostgreSQL, SQLite queue", where.postgres, is_judged=not where.redis))
    return [*found, Room("SQLite, SQLite queue", is_judged=not found)]


def database_rooms(where: Where) -> list[Room]:
    first = [Room("PostgreSQL", where.postgres)] if where.postgres else []
    return [*first, Room("SQLite", is_judged=not first)]
