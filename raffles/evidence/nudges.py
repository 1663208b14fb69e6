"""One thread of a worker reads, with one reader that is kept warm: starting it costs more than a file."""

from __future__ import annotations

import atexit
import logging
import threading

from django.utils import timezone
from huey.contrib.djhuey import db_task

from raffles.evidence.actions import read_proofs
from raffles.evidence.actions.read_proofs import are_waiting
from raffles.evidence.reader import Reader

logger = logging.getLogger(__name__)

# On draw day a receipt comes every second; on other days the memory is given back.
WARM_SECONDS = 60.0
NICENESS = 10


class WarmReader:
    def __init__(self) -> None:
        self._reader, self._lock = Reader(niceness=NICENESS), threading.Lock()
        self._ending: threading.Timer | None = None

    def read_waiting(self) -> None:
        """Whoever is at work looks once more after it has let go: what came meanwhile is not forgotten."""
        while self._lock.acquire(blocking=False):
            try:
                while read_proofs(now=timezone.now(), reader=self._reader):
                    continue
            finally:
                self._put_off_end()
                self._lock.release()
            if not are_waiting(now=timezone.now()):
                break

    def _put_off_end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = threading.Timer(WARM_SECONDS, self.end)
        self._ending.daemon = True
        self._ending.start()

    def end(self) -> None:
        """One that is at work sets the timer anew when it is done."""
        if self._lock.acquire(blocking=False):
            try:
                self._reader.end()
            finally:
                self._lock.release()


_warm = WarmReader()
atexit.register(_warm.end)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def read_waiting_proofs() -> None:
    _warm.read_waiting()


def nudge() -> None:
    try:
        read_waiting_proofs()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the proofs")
