"""One sender's messages, in Meta's order, one turn each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from whatsapp import cloud_api, media, outbox
from whatsapp.cloud_api import CloudApiError, MediaRefused
from whatsapp.contacts import contact_of, follow_identity, news_of
from whatsapp.inbox.answering import answer
from whatsapp.inbox.fetching import Fetches
from whatsapp.inbox.trouble import (
    MAX_ATTEMPTS,
    Passed,
    alert_failed,
    count_try,
    is_left_over,
    note_failure,
    waits_for_person,
)
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia
from whatsapp.payloads import (
    FileSent,
    IdentityChange,
    Inbound,
    Sender,
    Silent,
    read_message,
    sender_of,
    system_change,
)

Kind, Status = InboundEvent.Kind, InboundEvent.Status
# While one worker fetches a file, the others pass its sender by; a dead worker's claim runs out. A fetch asks
# Meta four times at most, and a link may trickle: then two fetch the same file, which does no harm.
FETCH_MARGIN = timedelta(seconds=25)
# Whoever finds all fetchers at work comes again.
PUT_OFF = timedelta(seconds=2)
MOST_AT_ONCE = 100
TURNED = ("state", "data", "turn", "here_since", "changed_at", "rush_began_at", "rush_turns")


class DoneElsewhere(Exception):
    """Another worker took this event first."""


def unread_of(senders: Sequence[str]) -> dict[str, list[InboundEvent]]:
    """By sender, in Meta's order: all that is unread now; what arrives meanwhile is for the next round."""
    together = _unread(senders)
    if len(together) == MOST_AT_ONCE:  # somebody wrote a flood, and the others must not wait behind it
        return {sender: _unread([sender]) for sender in senders}
    found: dict[str, list[InboundEvent]] = {sender: [] for sender in senders}
    for event in together:
        found[event.sender].append(event)
    return found


def _unread(senders: Sequence[str]) -> list[InboundEvent]:
    unread = InboundEvent.objects.filter(sender__in=senders, status=Status.NEW, kind=Kind.MESSAGE)
    return list(unread.order_by("happened_at", "id")[:MOST_AT_ONCE])


def work_through(events: Sequence[InboundEvent], now: datetime, fetches: Fetches | None = None) -> int:
    """One sender's. Another worker may have taken some of them since they were read: then nothing is done.

    With `fetches` a file is on its way when this ends, and `take_fetched` goes on from there.
    """
    done = 0
    for event in events:
        if event.retry_at is not None and event.retry_at > now:
            break  # order matters more than speed: the later ones wait for the one that is tried again
        try:
            if _finds_no_fetcher(event, now, fetches):
                break
            passed = count_try(event, now) if is_left_over(event) else Passed.MAY_BE_TRIED
            if passed == Passed.ELSEWHERE or (
                passed == Passed.MAY_BE_TRIED and not _take(event, now, fetches)
            ):
                break  # another worker has it, or it is being fetched: the later ones come after it
        except Exception as error:  # noqa: BLE001 - a poisonous event fails alone
            if not note_failure(event, error, now):
                return done + 1
        done += 1
    return done


def _finds_no_fetcher(event: InboundEvent, now: datetime, fetches: Fetches | None) -> bool:
    """A file that waits for others has not been tried."""
    if fetches is None or fetches.has_room or not isinstance(read_message(event.payload), FileSent):
        return False
    _claim_fetch(event, now + PUT_OFF)
    return True


def _take(event: InboundEvent, now: datetime, fetches: Fetches | None = None) -> int:
    change = system_change(event.payload)
    if change is not None:
        return _follow(event, change, now)
    sender = sender_of(event.payload)
    if sender is None:
        return _finish(event, now, status=Status.IGNORED)
    message = read_message(event.payload)
    if isinstance(message, FileSent):
        if not _claim_fetch(event, now + fetch_lease()):
            return 0
        if fetches is not None and media.copy_of(event) is None:
            fetches.start(event, message)
            return 0
    with _known_by(event, sender, now):
        return _turn(event, sender, _with_file(event, message), now)


def take_fetched(event: InboundEvent, found: bytes | Exception, now: datetime) -> None:
    """The turn of a file that has come, or that could not be had."""
    message, sender = read_message(event.payload), sender_of(event.payload)
    if not isinstance(message, FileSent) or sender is None:
        raise TypeError
    try:
        with _known_by(event, sender, now):
            _turn(event, sender, _with_copy(event, message, lambda: _kept(event, message, found)), now)
    except Exception as error:  # noqa: BLE001 - a poisonous event fails alone
        note_failure(event, error, now)


@contextmanager
def _known_by(event: InboundEvent, sender: Sender, now: datetime) -> Iterator[None]:
    """A turn that fails is found with the chat it belongs to."""
    try:
        yield
    except Exception:
        contact = contact_of(sender, now=now)
        InboundEvent.objects.filter(pk=event.pk, contact=None).update(contact=contact)
        raise


def _finish(event: InboundEvent, now: datetime, *, status: str = Status.DONE) -> int:
    return InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(status=status, done_at=now)


def fetch_lease() -> timedelta:
    return timedelta(seconds=2 * (cloud_api.CONNECT_SECONDS + cloud_api.read_seconds())) + FETCH_MARGIN


def _claim_fetch(event: InboundEvent, until: datetime) -> bool:
    """Compare-and-set on the retry instant: 0 rows means that another worker is fetching."""
    mine = InboundEvent.objects.filter(pk=event.pk, status=Status.NEW, retry_at=event.retry_at)
    return bool(mine.update(retry_at=until))


def _follow(event: InboundEvent, change: IdentityChange, now: datetime) -> int:
    with transaction.atomic():
        contact = follow_identity(change, at=event.happened_at, now=now)
        InboundEvent.objects.filter(pk=event.pk).update(contact=contact)
        return _finish(event, now)


def _with_file(event: InboundEvent, message: Inbound) -> Inbound:
    if not isinstance(message, FileSent):
        return message
    outbox.assert_outside_transaction()
    return _with_copy(event, message, lambda: media.fetch(event, message))


def _kept(event: InboundEvent, message: FileSent, found: bytes | Exception) -> InboundMedia:
    if isinstance(found, bytes | MediaRefused):
        return media.keep(event, message, found)
    raise found


def _with_copy(event: InboundEvent, message: FileSent, fetch: Callable[[], InboundMedia]) -> FileSent:
    try:
        copy = fetch()
    except CloudApiError as error:
        if error.is_permanent:
            return replace(message, problem=media.GONE)
        if waits_for_person(error) or event.attempts + 1 < MAX_ATTEMPTS:
            raise
        return replace(message, problem=media.UNREACHED)
    if copy.status == InboundMedia.Status.STORED:
        return replace(message, ref=copy.pk)
    return replace(message, problem=copy.reason)


def _turn(event: InboundEvent, sender: Sender, message: Inbound, now: datetime) -> int:
    """0 where another worker took the event first: what this turn wrote is undone."""
    try:
        _take_turn(event, sender, message, now)
    except DoneElsewhere:
        return 0
    return 1


def _take_turn(event: InboundEvent, sender: Sender, message: Inbound, now: datetime) -> None:
    """Who is new, or has news of themselves, is looked up first; all others are found with their chat."""
    with transaction.atomic():
        conversation = _locked(contact__bsuid=sender.bsuid) if sender.bsuid else None
        if conversation is not None and not news_of(conversation.contact, sender):
            return _take_behind_lock(event, conversation, message, now)
    contact = contact_of(sender, now=now)
    with transaction.atomic():
        conversation = _locked(contact=contact)
        if conversation is None:
            raise Conversation.DoesNotExist
        return _take_behind_lock(event, conversation, message, now)


def _locked(**whose: Any) -> Conversation | None:
    """Behind the lock the chat is read afresh."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact__player")
    return rows.filter(**whose).first()


def _take_behind_lock(
    event: InboundEvent, conversation: Conversation, message: Inbound, now: datetime
) -> None:
    """The event is marked by its old status: where another worker had it, what this turn wrote is undone."""
    contact, before = conversation.contact, conversation.state
    if not isinstance(message, Silent):
        _note_arrival(contact, event)
    silence = answer(conversation, event, message, now)
    conversation.save(update_fields=TURNED)
    is_unreached = isinstance(message, FileSent) and message.problem == media.UNREACHED
    if not InboundEvent.objects.filter(pk=event.pk, status=Status.NEW).update(
        contact=contact,
        state_before=before,
        state_after=conversation.state,
        silence=silence,
        status=Status.FAILED if is_unreached else Status.DONE,
        error=media.UNREACHED if is_unreached else "",
        done_at=now,
    ):
        raise DoneElsewhere
    if is_unreached:
        alert_failed(event, now)


def _note_arrival(contact: Contact, event: InboundEvent) -> None:
    """Whether a reaction opens Meta's window is not documented, so what is silent does not open it here."""
    if contact.last_inbound_at is None or event.happened_at > contact.last_inbound_at:
        contact.last_inbound_at = event.happened_at
        contact.save(update_fields=["last_inbound_at"])
    if contact.blocked_at is None:
        outbox.release_waiting(contact)
