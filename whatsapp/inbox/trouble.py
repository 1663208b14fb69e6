"""Events that could not be worked on: tried again a bounded number of times, then left for a person."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp import outbox
from whatsapp.cloud_api import CloudApiError
from whatsapp.models import InboundEvent
from whatsapp.reactions import Then

logger = logging.getLogger(__name__)

Status = InboundEvent.Status
MAX_ATTEMPTS = 5
RETRY_SECONDS = (2, 10, 60, 300)
LOOK_AGAIN = timedelta(minutes=1)


_started: datetime | None = None


class Passed(Enum):
    """What becomes of a message that was there before this worker."""

    MAY_BE_TRIED = auto()
    ELSEWHERE = auto()
    GIVEN_UP = auto()


def note_start(now: datetime) -> None:
    """A worker begins. What ended the one before it is among what was received until now."""
    global _started  # noqa: PLW0603 - one worker is one process
    _started = now


def is_left_over(event: InboundEvent) -> bool:
    return _started is not None and event.received_at < _started


def count_try(event: InboundEvent, now: datetime) -> Passed:
    """Before the turn: one that takes its process with it could not be counted behind it, ever again.

    What is received by a worker that runs already is not counted so, which would cost each turn a statement.
    """
    if event.attempts >= MAX_ATTEMPTS:
        _put_back(event, MAX_ATTEMPTS, "WorkerEnded", now)
        return Passed.GIVEN_UP
    mine = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW, attempts=event.attempts)
    return Passed.MAY_BE_TRIED if mine.update(attempts=F("attempts") + 1) else Passed.ELSEWHERE


def waits_for_person(error: Exception) -> bool:
    """A refusal of the account, as of its token: nothing leaves before somebody has mended it."""
    return isinstance(error, CloudApiError) and error.reaction.then == Then.PAUSE


def note_failure(event: InboundEvent, error: Exception, now: datetime) -> bool:
    """Whether it is given up. The class of the error only: its words may hold what the player wrote."""
    if isinstance(error, CloudApiError) and waits_for_person(error):
        outbox.pause_for(error, now)
        _wait_for_person(event, error, now)
        return False
    return _put_back(event, event.attempts + 1, type(error).__name__, now)


def _wait_for_person(event: InboundEvent, error: CloudApiError, now: datetime) -> None:
    """Not counted: this message has nothing to do with it."""
    mine = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW)
    mine.update(attempts=event.attempts, error=f"code {error.code}", retry_at=now + LOOK_AGAIN)
    logger.error("event %s waits: Meta refuses files with code %s", event.pk, error.code)


def _put_back(event: InboundEvent, attempts: int, why: str, now: datetime) -> bool:
    last = attempts >= MAX_ATTEMPTS
    delay = timedelta(seconds=RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1])
    changed = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(
        attempts=attempts,
        error=why,
        status=Status.FAILED if last else Status.NEW,
        retry_at=None if last else now + delay,
        done_at=now if last else None,
    )
    logger.error("event %s failed (attempt %d): %s", event.pk, attempts, why)
    if last and changed:
        alert_failed(event, now)
    return last


def alert_failed(event: InboundEvent, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("Something received could not be worked on (%(event)s): open it, mend the cause, replay it.")
    alert_staff(kind="EVENT_FAILED", subject=f"event:{event.pk}", text=text % {"event": event.pk}, now=now)
