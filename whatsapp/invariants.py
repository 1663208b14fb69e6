"""What must hold for messages and contacts, in words for whoever has to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from whatsapp.conversation.states import State
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia, OutboundMessage

WORKER_MAY_LAG = timedelta(minutes=10)


def violations(now: datetime) -> list[str]:
    return [*_unread(now), *_stuck(now), *_unanswered(), *_conversations(), *_files()]


def _unread(now: datetime) -> Iterator[str]:
    waiting = InboundEvent.objects.filter(
        status=InboundEvent.Status.NEW, received_at__lt=now - WORKER_MAY_LAG, retry_at=None
    )
    if count := waiting.count():
        yield f"{count} received events wait for more than ten minutes: start the worker."
    failed = InboundEvent.objects.filter(status=InboundEvent.Status.FAILED)
    for event in failed.order_by("pk")[:20]:
        yield f"Received event {event.pk} failed ({event.error}): look at it in the admin and replay it."


def _stuck(now: datetime) -> Iterator[str]:
    stuck = OutboundMessage.objects.filter(
        status=OutboundMessage.Status.SENDING, lease_until__lt=now - WORKER_MAY_LAG
    )
    for message in stuck.order_by("pk")[:20]:
        yield f"Message {message.pk} has been leaving for too long: start the worker, it tries again."


def _unanswered() -> Iterator[str]:
    """A reply is written in the transaction that marks its event done."""
    for message in OutboundMessage.objects.filter(answers__status=InboundEvent.Status.NEW).order_by("pk")[
        :20
    ]:
        yield f"Message {message.pk} answers an event that is not done: it was changed by hand."


def _conversations() -> Iterator[str]:
    for contact in Contact.objects.filter(conversation=None).order_by("pk")[:20]:
        yield f"Contact {contact.pk} has no conversation: reset it in the admin."
    known = [state.value for state in State]
    for conversation in Conversation.objects.exclude(state__in=known).order_by("pk")[:20]:
        yield f"Conversation {conversation.pk} is in the unknown state {conversation.state}: reset it."


def _files() -> Iterator[str]:
    for media in InboundMedia.objects.filter(status=InboundMedia.Status.STORED).order_by("pk").iterator():
        if not media.file.storage.exists(str(media.file.name)):
            yield f"A received file is missing: restore {media.file.name} from a backup of MEDIA_ROOT."
            continue
        with media.file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != media.sha256:
                yield f"A received file was changed: restore {media.file.name} from a backup of MEDIA_ROOT."
