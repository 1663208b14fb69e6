"""The queue only wakes workers: a lost nudge costs a minute at most, for the sweep looks at the rows."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from huey.contrib.djhuey import db_task

from raffles.desk.alerts.collecting import gather
from raffles.desk.alerts.sending import send_due

logger = logging.getLogger(__name__)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def send_alerts() -> None:
    gather(now=timezone.now())
    send_due(clock=timezone.now)


class Countdown:
    """Of all that comes while it runs the first one starts it."""

    def __init__(self) -> None:
        self._lock, self._due = threading.Lock(), 0.0

    def start(self, seconds: float) -> bool:
        now = time.monotonic()
        with self._lock:
            if now < self._due <= now + seconds:
                return False
            self._due = now + seconds
            return True


_countdown = Countdown()


def wake() -> None:
    """Called where a notification is made; counts once that is committed."""
    transaction.on_commit(_look_later)


def _look_later() -> None:
    # A second more: the queue's clock must not be ahead of the rows'.
    seconds = settings.STAFF_DIGEST_SECONDS + 1
    if not _countdown.start(seconds):
        return
    try:
        send_alerts.schedule(delay=seconds)
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the alerts")
