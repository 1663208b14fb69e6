"""The queue only wakes workers: a lost nudge costs a minute at most, for the sweep looks at the rows."""

from __future__ import annotations

import logging
import threading

from django.db import transaction
from django.utils import timezone
from huey.contrib.djhuey import db_task

from raffles.hooks.models import Delivery
from raffles.hooks.queries import due, next_due_at
from raffles.hooks.sending import send_due

logger = logging.getLogger(__name__)

# What is due later than that is for the sweep.
SOON = 60

_asked, _at_work = threading.Event(), threading.Lock()


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def send_webhooks() -> None:
    """One thread of a worker at most, so that receivers that are slow never hold up the chat."""
    _asked.set()
    if not _at_work.acquire(blocking=False):
        return
    try:
        _asked.clear()
        send_due(clock=timezone.now)
    finally:
        _at_work.release()
    _go_on()


def wake() -> None:
    """Called where a delivery is made or freed; counts once that is committed."""
    transaction.on_commit(_tell_queue)


def _tell_queue() -> None:
    try:
        send_webhooks()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the webhooks")


def _go_on() -> None:
    """By the queue and not in a loop, so that a worker that is told to stop can stop.

    Who asked while this one was at work went away at once; the first pause is shorter than a sweep's.
    """
    now = timezone.now()
    if _asked.is_set() or Delivery.objects.filter(due(now)).exists():
        _tell_queue()
        return
    at = next_due_at(now)
    if at is not None and (at - now).total_seconds() < SOON:
        _tell_queue_later((at - now).total_seconds() + 1)


def _tell_queue_later(seconds: float) -> None:
    try:
        send_webhooks.schedule(delay=seconds)
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the webhooks")
