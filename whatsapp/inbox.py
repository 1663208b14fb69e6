"""From stored events to turns: one conversation's messages run one at a time, oldest first.

1. `wake` nudges a worker after the webhook's commit; `drain` looks at the rows, not at the nudge.
2. Statuses and notices about identity come first: they hold no conversation.
3. A sender's messages run in Meta's order. A file is fetched before its turn, outside transactions.
4. A turn locks the conversation, re-reads the event, and commits the event with all its effects, or none.
5. What fails is tried again later, a bounded number of times; then it is FAILED, and the next one passes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from huey.contrib.djhuey import db_task

from whatsapp import media, outbox
from whatsapp.cloud_api import CloudApiError
from whatsapp.contacts import contact_of, follow_identity
from whatsapp.conversation.engine import take_turn
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia
from whatsapp.payloads import (
    FileSent,
    IdentityChange,
    Inbound,
    Silent,
    identity_changes,
    read_message,
    sender_of,
    system_change,
)

logger = logging.getLogger(__name__)

Kind, Status = InboundEvent.Kind, InboundEvent.Status
MAX_ATTEMPTS = 5
RETRY_SECONDS = (2, 10, 60, 300)
# A status may come before the answer to our own request is stored; after this it names nobody's message.
PARK_STATUS = timedelta(minutes=5)
DRAIN_SECONDS = 20
# While one worker fetches a file, the others pass its sender by; a dead worker's claim runs out.
FETCH_LEASE = timedelta(minutes=4)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def drain_inbox() -> None:
    drain(now=timezone.now())


def wake() -> None:
    """A lost nudge costs a minute at most: the sweep looks for unread events."""
    try:
        drain_inbox()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the events")


def wake_later(seconds: float) -> None:
    try:
        drain_inbox.schedule(delay=seconds)
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the events")


def drain(*, now: datetime) -> int:
    """Work through everything unread that is due. Returns how many events were finished."""
    done = 0
    for event in _unread(now).exclude(kind=Kind.MESSAGE).order_by("id")[:2000]:
        done += _attempt_notice(event, now)
    stop = time.monotonic() + DRAIN_SECONDS
    senders = _unread(now).filter(kind=Kind.MESSAGE).values_list("sender", flat=True).distinct()
    for sender in list(senders.order_by("sender")):
        if time.monotonic() > stop:
            wake()  # `now` has aged: holds and deadlines want a fresh one
            break
        done += _work_through(sender, now)
    return done


def _unread(now: datetime) -> QuerySet[InboundEvent]:
    due = Q(retry_at=None) | Q(retry_at__lte=now)
    return InboundEvent.objects.filter(due, status=Status.NEW)


def _attempt_notice(event: InboundEvent, now: datetime) -> int:
    try:
        with transaction.atomic():
            return _note(event, now)
    except Exception as error:  # noqa: BLE001 - one poisonous event must not stop the others
        _note_failure(event, error, now)
        return 0


def _note(event: InboundEvent, now: datetime) -> int:
    if event.kind == Kind.STATUS:
        if outbox.note_status(event.payload, now=now):
            return _finish(event, now)
        if now - event.received_at < PARK_STATUS:
            InboundEvent.objects.filter(pk=event.pk).update(retry_at=now + timedelta(seconds=5))
            transaction.on_commit(lambda: wake_later(5))
            return 0
        return _finish(event, now, status=Status.IGNORED)
    changes = identity_changes(event.field, event.payload)
    for change in changes:
        follow_identity(change, at=event.happened_at, now=now)
    return _finish(event, now, status=Status.DONE if changes else Status.IGNORED)


def _finish(event: InboundEvent, now: datetime, *, status: str = Status.DONE) -> int:
    return InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(status=status, done_at=now)


def _work_through(sender: str, now: datetime) -> int:
    """Until nothing is unread: an event that arrives meanwhile is taken as well."""
    done = 0
    while event := _oldest(sender):
        if event.retry_at is not None and event.retry_at > now:
            break  # order matters more than speed: the later ones wait for the one that is tried again
        try:
            done += _take(event, now)
        except Exception as error:  # noqa: BLE001 - a poisonous event fails alone
            _note_failure(event, error, now)
    return done


def _oldest(sender: str) -> InboundEvent | None:
    unread = InboundEvent.objects.filter(sender=sender, status=Status.NEW, kind=Kind.MESSAGE)
    return unread.order_by("happened_at", "id").first()


def _take(event: InboundEvent, now: datetime) -> int:
    change = system_change(event.payload)
    if change is not None:
        return _follow(event, change, now)
    sender = sender_of(event.payload)
    if sender is None:
        return _finish(event, now, status=Status.IGNORED)
    contact = contact_of(sender, now=now)
    message = read_message(event.payload)
    if isinstance(message, FileSent) and not _claim_fetch(event, now):
        return 0
    try:
        message = _with_file(event, message)
        with transaction.atomic():
            return _turn(event, contact, message, now)
    except Exception:
        InboundEvent.objects.filter(pk=event.pk, contact=None).update(contact=contact)
        raise


def _claim_fetch(event: InboundEvent, now: datetime) -> bool:
    """Compare-and-set on the retry instant: 0 rows means that another worker is fetching."""
    mine = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW, retry_at=event.retry_at)
    return bool(mine.update(retry_at=now + FETCH_LEASE))


def _follow(event: InboundEvent, change: IdentityChange, now: datetime) -> int:
    with transaction.atomic():
        contact = follow_identity(change, at=event.happened_at, now=now)
        InboundEvent.objects.filter(pk=event.pk).update(contact=contact)
        return _finish(event, now)


def _with_file(event: InboundEvent, message: Inbound) -> Inbound:
    if not isinstance(message, FileSent):
        return message
    outbox.assert_outside_transaction()
    try:
        copy = media.fetch(event, message)
    except CloudApiError as error:
        if not error.is_permanent and event.attempts + 1 < MAX_ATTEMPTS:
            raise
        return replace(message, problem=media.GONE)
    if copy.status == InboundMedia.Status.STORED:
        return replace(message, ref=copy.pk)
    return replace(message, problem=copy.reason)


def _turn(event: InboundEvent, contact: Contact, message: Inbound, now: datetime) -> int:
    """Behind the lock the event is read again, for another worker may have had it."""
    conversation = Conversation.objects.select_for_update().get(contact=contact)
    contact = Contact.objects.select_related("player").get(pk=contact.pk)
    fresh = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).first()
    if fresh is None:
        return 0
    if not isinstance(message, Silent):
        _note_arrival(contact, fresh)
    before = conversation.state
    if contact.blocked_at is None:
        take_turn(contact=contact, conversation=conversation, event=fresh, message=message, now=now)
    InboundEvent.objects.filter(pk=fresh.pk).update(
        contact=contact, state_before=before, state_after=conversation.state
    )
    return _finish(fresh, now)


def _note_arrival(contact: Contact, event: InboundEvent) -> None:
    """Whether a reaction opens Meta's window is not documented, so what is silent does not open it here."""
    if contact.last_inbound_at is None or event.happened_at > contact.last_inbound_at:
        contact.last_inbound_at = event.happened_at
        contact.save(update_fields=["last_inbound_at"])
    outbox.release_waiting(contact)


def replay(ids: Collection[int], *, now: datetime) -> int:
    """Events that failed for good are taken again, after what made them fail has been mended."""
    failed = InboundEvent.objects.filter(pk__in=ids, status=Status.FAILED)
    renewed = failed.update(status=Status.NEW, attempts=0, retry_at=now, done_at=None, error="")
    transaction.on_commit(wake)
    return renewed


def _note_failure(event: InboundEvent, error: Exception, now: datetime) -> None:
    """The class of the error only: its words may hold what the player wrote."""
    attempts = event.attempts + 1
    last = attempts >= MAX_ATTEMPTS
    delay = timedelta(seconds=RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1])
    InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(
        attempts=F("attempts") + 1,
        error=type(error).__name__,
        status=Status.FAILED if last else Status.NEW,
        retry_at=None if last else now + delay,
        done_at=now if last else None,
    )
    if not last:
        wake_later(delay.total_seconds())
    logger.error("event %s failed (attempt %d): %s", event.pk, attempts, type(error).__name__)
