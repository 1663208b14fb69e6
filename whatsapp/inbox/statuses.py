"""Statuses and other notices hold no conversation. Statuses come three to a message, so in batches."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from whatsapp import account_notices, outbox
from whatsapp.contacts import follow_identity
from whatsapp.inbox.trouble import note_failure
from whatsapp.models import InboundEvent
from whatsapp.payloads import identity_changes

logger = logging.getLogger(__name__)

Kind, Status = InboundEvent.Kind, InboundEvent.Status
# A status may come before the answer to our own request is stored; after this it names nobody's message.
PARK_STATUS = timedelta(minutes=5)
PARK_STEP = timedelta(seconds=5)
BATCH = 200


def unread(now: datetime) -> QuerySet[InboundEvent]:
    due = Q(retry_at=None) | Q(retry_at__lte=now)
    return InboundEvent.objects.filter(due, status=Status.NEW)


def drain_statuses(*, now: datetime) -> int:
    """One batch. Returns how many events it took up."""
    events = list(unread(now).filter(kind=Kind.STATUS).order_by("id")[:BATCH])
    if not events:
        return 0
    try:
        _note(events, now)
    except Exception as error:  # noqa: BLE001 - one poisonous status must not stop the others
        logger.error("a batch of %d statuses failed: %s", len(events), type(error).__name__)
        for event in events:
            _note_alone(event, now)
    return len(events)


def _note_alone(event: InboundEvent, now: datetime) -> None:
    try:
        _note([event], now)
    except Exception as error:  # noqa: BLE001 - it is noted and tried again
        note_failure(event, error, now)


def _note(events: Sequence[InboundEvent], now: datetime) -> None:
    with transaction.atomic():
        known = outbox.note_statuses([event.payload for event in events], now=now)
        pairs = list(zip(events, known, strict=True))
        done = [event.pk for event, is_ours in pairs if is_ours]
        foreign = [event for event, is_ours in pairs if not is_ours]
        old = [event.pk for event in foreign if now - event.received_at >= PARK_STATUS]
        _finish(done, Status.DONE, now)
        _finish(old, Status.IGNORED, now)
        early = InboundEvent.objects.filter(pk__in={event.pk for event in foreign} - set(old))
        if foreign:
            early.update(retry_at=now + PARK_STEP)


def _finish(pks: Sequence[int], status: str, now: datetime) -> None:
    if pks:
        InboundEvent.objects.filter(pk__in=pks, status=Status.NEW).update(status=status, done_at=now)


def drain_notices(*, now: datetime) -> int:
    """What Meta tells about people, templates and the account, one by one."""
    events = list(unread(now).filter(kind=Kind.OTHER).order_by("id")[:BATCH])
    for event in events:
        try:
            with transaction.atomic():
                _hear(event, now)
        except Exception as error:  # noqa: BLE001 - one poisonous notice must not stop the others
            note_failure(event, error, now)
    return len(events)


def _hear(event: InboundEvent, now: datetime) -> None:
    changes = identity_changes(event.field, event.payload)
    for change in changes:
        follow_identity(change, at=event.happened_at, now=now)
    understood = bool(changes) or account_notices.hear(event.field, event.payload, now=now)
    _finish([event.pk], Status.DONE if understood else Status.IGNORED, now)
