"""One sender's messages, in Meta's order, one turn each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from whatsapp import media, outbox
from whatsapp.cloud_api import CloudApiError
from whatsapp.contacts import contact_of, follow_identity
from whatsapp.conversation.engine import take_turn
from whatsapp.inbox.rush import is_rushing
from whatsapp.inbox.trouble import MAX_ATTEMPTS, note_failure
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia
from whatsapp.payloads import (
    FileSent,
    IdentityChange,
    Inbound,
    Silent,
    read_message,
    sender_of,
    system_change,
)

Kind, Status = InboundEvent.Kind, InboundEvent.Status
# While one worker fetches a file, the others pass its sender by; a dead worker's claim runs out.
FETCH_LEASE = timedelta(minutes=4)
TURNED = ("state", "data", "turn", "changed_at", "rush_began_at", "rush_turns")


class DoneElsewhere(Exception):
    """Another worker took this event first."""


def work_through(sender: str, now: datetime) -> int:
    """Until nothing is unread: an event that arrives meanwhile is taken as well."""
    done = 0
    while event := _oldest(sender):
        if event.retry_at is not None and event.retry_at > now:
            break  # order matters more than speed: the later ones wait for the one that is tried again
        try:
            done += _take(event, now)
        except Exception as error:  # noqa: BLE001 - a poisonous event fails alone
            note_failure(event, error, now)
            done += 1
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
            _turn(event, contact, message, now)
        return 1
    except DoneElsewhere:
        return 0
    except Exception:
        InboundEvent.objects.filter(pk=event.pk, contact=None).update(contact=contact)
        raise


def _finish(event: InboundEvent, now: datetime, *, status: str = Status.DONE) -> int:
    return InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(status=status, done_at=now)


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


def _turn(event: InboundEvent, contact: Contact, message: Inbound, now: datetime) -> None:
    """Behind the lock the chat is read afresh, and the event is marked by its old status: another worker may
    have had it, and then all that this turn wrote is undone.
    """
    conversation = _locked(contact)
    contact, before = conversation.contact, conversation.state
    if not isinstance(message, Silent):
        _note_arrival(contact, event)
    if contact.blocked_at is None and not is_rushing(conversation, now):
        take_turn(contact=contact, conversation=conversation, event=event, message=message, now=now)
    conversation.save(update_fields=TURNED)
    if not InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(
        contact=contact,
        state_before=before,
        state_after=conversation.state,
        status=Status.DONE,
        done_at=now,
    ):
        raise DoneElsewhere


def _locked(contact: Contact) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact__player")
    return rows.get(contact=contact)


def _note_arrival(contact: Contact, event: InboundEvent) -> None:
    """Whether a reaction opens Meta's window is not documented, so what is silent does not open it here."""
    if contact.last_inbound_at is None or event.happened_at > contact.last_inbound_at:
        contact.last_inbound_at = event.happened_at
        contact.save(update_fields=["last_inbound_at"])
    if contact.blocked_at is None:
        outbox.release_waiting(contact)
