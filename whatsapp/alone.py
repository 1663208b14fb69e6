"""Within one process: one run at a time, one timer at a time, and no wish to run is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Alone:
    """Who asks while another thread is at work goes away at once; the one at work goes round once more.

    Threads of one process would only fight for the same rows. Other processes are kept apart by the rows.
    """

    def __init__(self) -> None:
        self._at_work = threading.Lock()
        self._asked = threading.Event()

    def run(self, work: Callable[[], object]) -> None:
        self._asked.set()
        # Asked again after `clear` and before `release`: seen when the loop looks once more.
        while self._asked.is_set() and self._at_work.acquire(blocking=False):
            try:
                self._asked.clear()
                work()
            finally:
                self._at_work.release()


class Later:
    """One wish to look again at a time: of several the earliest counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due = 0.0

    def ask(self, seconds: float, schedule: Callable[[float], object]) -> None:
        now = time.monotonic()
        with self._lock:
            if now < self._due <= now + seconds:
                return
            self._due = now + seconds
        schedule(seconds)
