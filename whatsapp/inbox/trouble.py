"""Events that could not be worked on: tried again a bounded number of times, then left for a person."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp.models import InboundEvent

logger = logging.getLogger(__name__)

Status = InboundEvent.Status
MAX_ATTEMPTS = 5
RETRY_SECONDS = (2, 10, 60, 300)


def note_failure(event: InboundEvent, error: Exception, now: datetime) -> bool:
    """Whether it is given up. The class of the error only: its words may hold what the player wrote."""
    attempts = event.attempts + 1
    last = attempts >= MAX_ATTEMPTS
    delay = timedelta(seconds=RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1])
    changed = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(
        attempts=F("attempts") + 1,
        error=type(error).__name__,
        status=Status.FAILED if last else Status.NEW,
        retry_at=None if last else now + delay,
        done_at=now if last else None,
    )
    logger.error("event %s failed (attempt %d): %s", event.pk, attempts, type(error).__name__)
    if last and changed:
        _alert(event, now)
    return last


def _alert(event: InboundEvent, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("Something received could not be worked on (%(event)s): open it, mend the cause, replay it.")
    alert_staff(kind="EVENT_FAILED", subject=f"event:{event.pk}", text=text % {"event": event.pk}, now=now)
