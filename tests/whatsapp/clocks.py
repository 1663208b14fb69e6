"""A clock that goes on whenever somebody looks at it: minutes of sending pass without waiting for them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from tests.whatsapp.meta import NOW
from whatsapp.outbox.sending import Flush


class TickingClock:
    def __init__(self, start: datetime = NOW, *, tick: timedelta = timedelta(milliseconds=250)) -> None:
        self.now, self._tick, self._lock = start, tick, threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self.now += self._tick
            return self.now


def send_all(clock: TickingClock, *, until: datetime) -> int:
    """As the worker does: flush, look when it says, flush again. Returns how many were tried."""
    tried = 0
    while clock.now < until:
        flush = Flush(clock=clock)
        tried += flush.run()
        if flush.look_again is None:
            break
        clock.now += timedelta(seconds=flush.look_again)
    return tried
