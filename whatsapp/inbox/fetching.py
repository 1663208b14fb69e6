"""Files come beside the drain: while one link trickles, everybody else is answered.

Threads of the pool talk to Meta and touch no row; the one that drains keeps the file and takes the turn. What
a process takes with it when it ends is given back by its claim, which runs out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeAlias

from whatsapp import media
from whatsapp.models import InboundEvent
from whatsapp.payloads import FileSent

# More at once would wait for the same line; whoever finds none free comes again.
FETCHERS = 8

# The bytes, or why there are none.
Outcome: TypeAlias = bytes | Exception

_pool = ThreadPoolExecutor(FETCHERS, thread_name_prefix="fetch")


class Fetches:
    """What one process is fetching, from one drain to the next; `tell` is called when a file has come."""

    def __init__(self, tell: Callable[[], object]) -> None:
        self._tell = tell
        self.running: dict[Future[Outcome], InboundEvent] = {}

    @property
    def has_room(self) -> bool:
        return len(self.running) < FETCHERS

    def start(self, event: InboundEvent, message: FileSent) -> None:
        future = _pool.submit(_download, message)
        self.running[future] = event
        future.add_done_callback(lambda _: self._tell())

    def ended(self) -> list[tuple[InboundEvent, Outcome]]:
        """Each is given once."""
        found = [future for future in self.running if future.done()]
        return [(self.running.pop(future), future.result()) for future in found]


def _download(message: FileSent) -> Outcome:
    """In a thread of the pool: whatever happens is an outcome."""
    try:
        return media.download(message)
    except Exception as error:  # noqa: BLE001 - noted by the thread that drains
        return error
