"""A queue in a file that may be deleted at any time: what stands in its place is taken up, or made anew.

huey keeps one connection, which would go on in the deleted file where no other process looks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from huey import Huey
from huey.storage import SqliteStorage


class LastingStorage(SqliteStorage):  # type: ignore[misc]  # huey has no types
    _conn: Any
    _file: tuple[int, int] | None = None

    @property
    def conn(self) -> Any:
        """Asked for behind huey's lock: nobody else is in the connection that is closed."""
        if self._conn is not None and self._file != _identity(self.filename):
            self._conn.close()
            self._conn = None
        return super().conn

    def _create_connection(self) -> Any:
        made = super()._create_connection()
        for statement in self.ddl:
            made.execute(statement)
        self._file = _identity(self.filename)
        return made


class LastingHuey(Huey):  # type: ignore[misc]
    storage_class = LastingStorage


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
