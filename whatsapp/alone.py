"""Within one process: one run, one timer, one telling at a time, and no wish to run is lost."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

# Set when this worker is asked to stop: what goes on for as long as there is work begins nothing new.
ending = threading.Event()


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
            except Exception:
                if not self._asked.is_set():
                    raise
                logger.exception("work failed while more was asked for; it goes round again")
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


class Bell:
    """Rings often, is heard once each pause: whoever rings need not wait for the queue to be told.

    Whatever rings after the last telling began is told again, so no ring is lost. With a pause of 0 the queue
    is told at once, in the thread that rings.
    """

    def __init__(self, tell: Callable[[], object], *, pause: Callable[[], float]) -> None:
        self._tell, self._pause = tell, pause
        self._rung, self._lock = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0
        atexit.register(self._tell_the_last)

    def ring(self) -> None:
        if not self._pause():
            self._tell()
            return
        self._rung.set()
        # A forked web process inherits the bell but not its thread.
        if self._pid != os.getpid() or self._thread is None or not self._thread.is_alive():
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._pid == os.getpid() and self._thread is not None and self._thread.is_alive():
                return
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
            self._thread.start()

    def _listen(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            self._tell()
            time.sleep(self._pause())

    def _tell_the_last(self) -> None:
        """A command that ends right after it rang would take the thread along with it."""
        if self._pid == os.getpid() and self._rung.is_set():
            self._tell()
