"""The organiser's side of the stage: opens the raffle, decides on receipts, reads the rows in the end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_books import at_rest, read_rows, standing  # noqa: E402
from config.rehearsal.office_desk import Desk, open_for_sale  # noqa: E402

TRIES, PAUSE = 60, 0.5
Answer = TypeVar("Answer")


class Office:
    def __init__(self) -> None:
        self._desk: Desk | None = None

    def prepare(self, numbers: int, most_per_order: int, hold_minutes: int) -> None:
        open_for_sale(
            numbers=numbers, most_per_order=most_per_order, hold_minutes=hold_minutes, now=timezone.now()
        )

    def begin(self, seed: int) -> None:
        self._desk = Desk(seed)
        threading.Thread(target=self._desk.run, daemon=True).start()

    def standing(self) -> dict[str, int]:
        return patiently(lambda: standing(timezone.now()))

    def at_rest(self) -> bool:
        return patiently(lambda: at_rest(timezone.now()))

    def stop(self) -> None:
        if self._desk is not None:
            self._desk.stop()

    def write_books(self, path: str) -> None:
        Path(path).write_text(json.dumps(asdict(patiently(lambda: read_rows(timezone.now())))))


def patiently(read: Callable[[], Answer]) -> Answer:
    """A database that is being restarted is asked again."""
    for _ in range(TRIES):
        try:
            return read()
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(PAUSE)
    return read()


def main() -> None:
    office = Office()
    answers: dict[str, Any] = {
        "prepare": office.prepare,
        "begin": office.begin,
        "standing": office.standing,
        "at_rest": office.at_rest,
        "stop": office.stop,
        "write_books": office.write_books,
    }
    answer_until_the_end(answers)


if __name__ == "__main__":
    main()
