import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django.utils import timezone

LOOK_AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Couriers:
    """Threads that carry what is due: one is woken at a time, and wakes the next when there is more."""

    def __init__(self, deliver: Callable[[datetime], bool]) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._has_news = False
        self._threads: list[threading.Thread] = []
        self._pid = 0

    def wake(self, many: int) -> None:
        with self._changed:
            # A forked worker inherits the object but not the threads.
            if self._pid != os.getpid():
                self._pid, self._threads = os.getpid(), []
            while len(self._threads) < many:
                self._start(is_watchman=not self._threads)
            self._has_news = True
            self._changed.notify()

    def _start(self, *, is_watchman: bool) -> None:
        """The watchman alone looks by the clock, for what was to be repeated later."""
        pause = LOOK_AGAIN_SECONDS if is_watchman else None
        name = f"simulator-courier-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._work, args=(pause,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, pause: float | None) -> None:
        while True:
            with self._changed:
                if not self._has_news:
                    self._changed.wait(pause)
                self._has_news = False
            if self._round():
                with self._changed:
                    self._has_news = True
                    self._changed.notify()

    def _round(self) -> bool:
        close_old_connections()
        try:
            return self._deliver(timezone.now())
        except Exception:  # whatever happened, the next webhook must still leave
            logger.exception("the simulator's courier stumbled and goes on")
            connection.close()
            return False
