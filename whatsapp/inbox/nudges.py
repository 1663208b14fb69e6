"""The queue only wakes workers: a lost nudge costs a minute at most, for the sweep looks at the rows."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from huey.contrib.djhuey import db_task

from whatsapp.alone import Alone, Bell, Later
from whatsapp.inbox.draining import Drain
from whatsapp.inbox.fetching import Fetches
from whatsapp.models import InboundEvent

logger = logging.getLogger(__name__)

_draining, _later = Alone(), Later()


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def drain_inbox() -> None:
    _draining.run(_drain_once)


def _drain_once() -> None:
    drain = Drain(clock=timezone.now, fetches=_fetches)
    drain.run()
    if drain.look_again == 0:
        wake()  # not by the queue's timer, which looks at its list once a second
    elif drain.look_again is not None:
        _later.ask(drain.look_again, wake_later)


def wake() -> None:
    _bell.ring()


def _tell_queue() -> None:
    try:
        drain_inbox()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the events")


def wake_later(seconds: float) -> None:
    try:
        drain_inbox.schedule(delay=seconds)
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the events")


def replay(ids: Collection[int], *, now: datetime) -> int:
    """Events that failed for good are taken again, after what made them fail has been mended."""
    failed = InboundEvent.objects.filter(pk__in=ids, status=InboundEvent.Status.FAILED)
    renewed = failed.update(status=InboundEvent.Status.NEW, attempts=0, retry_at=now, done_at=None, error="")
    transaction.on_commit(wake)
    return renewed


_fetches = Fetches(wake)
_bell = Bell(_tell_queue, pause=lambda: float(settings.NUDGE_PAUSE_SECONDS))
