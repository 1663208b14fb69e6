"""The queue only wakes workers: a lost nudge costs a minute at most, for the sweep looks at the rows."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone
from huey.contrib.djhuey import db_task

from whatsapp.alone import Alone, Bell, Later
from whatsapp.outbox.sending import Flush

logger = logging.getLogger(__name__)

_flushing, _later = Alone(), Later()


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def flush_outbox() -> None:
    _flushing.run(_flush_once)


def _flush_once() -> None:
    flush = Flush(clock=timezone.now)
    flush.run()
    if flush.look_again == 0:
        wake()  # not by the queue's timer, which looks at its list once a second
    elif flush.look_again is not None:
        _later.ask(flush.look_again, wake_later)


def wake() -> None:
    _bell.ring()


def _tell_queue() -> None:
    try:
        flush_outbox()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the messages")


def wake_later(seconds: float) -> None:
    try:
        flush_outbox.schedule(delay=seconds)
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the messages")


_bell = Bell(_tell_queue, pause=lambda: float(settings.NUDGE_PAUSE_SECONDS))
