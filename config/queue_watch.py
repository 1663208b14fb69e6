"""Whether the queue's store answers. It is told once when it is away and once when it is back.

Without this every thread would tell each of its tries with a traceback, megabytes in a minute.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from config.outages import in_one_line, is_of_a_driver

if TYPE_CHECKING:
    Adapter = logging.LoggerAdapter[logging.Logger]
else:
    Adapter = logging.LoggerAdapter

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0


class QueueWatch:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_away = False
        self._pause = FIRST_PAUSE

    @property
    def is_away(self) -> bool:
        return self._is_away

    def note_away(self, error: BaseException) -> None:
        if self._turn(away=True):
            told = f"{type(error).__name__}: {in_one_line(error)}"
            logger.error("the queue does not answer; the worker waits for it (%s)", told)

    def note_back(self) -> None:
        if self._turn(away=False):
            logger.warning("the queue answers again")

    def next_pause(self) -> float:
        """Longer each time, so that a store that starts anew is not stormed."""
        found, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        return found

    def _turn(self, *, away: bool) -> bool:
        with self._lock:
            changed, self._is_away = self._is_away != away, away
            if changed:
                self._pause = FIRST_PAUSE
        return changed


watch = QueueWatch()


class ToldOnce(Adapter):
    """What huey would tell with a traceback at every try."""

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None and is_of_the_store(error):
            watch.note_away(error)
        else:
            super().exception(msg, *args, **kwargs)


def is_of_the_store(error: BaseException) -> bool:
    """Django tells of its own rows with errors of its own: what a driver raises by itself is the queue's."""
    return isinstance(error, OSError) or is_of_a_driver(error)
