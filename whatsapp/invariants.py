"""What must hold for messages and contacts, in words for whoever has to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from raffles.sales.models import Order, Player
from whatsapp.conversation.states import State
from whatsapp.models import BusinessNumber, Contact, Conversation, InboundEvent, InboundMedia, OutboundMessage
from whatsapp.switch import FAILURES_THAT_OPEN

WORKER_MAY_LAG = timedelta(minutes=10)
# Meta's pace and its passing refusals may keep a message back for a while.
SENDING_MAY_LAG = timedelta(hours=1)
LOOKED_BACK = timedelta(days=30)
A_DAY = timedelta(days=1)


def violations(now: datetime) -> list[str]:
    timed = (_unread, _elsewhere, _stuck, _unsent, _untold)
    found = [words for look in timed for words in look(now)]
    return [*found, *_unanswered(), *_conversations(), *_files()]


def _unread(now: datetime) -> Iterator[str]:
    """What is tried again is due by an instant of its own."""
    late = now - WORKER_MAY_LAG
    due = Q(retry_at=None, received_at__lt=late) | Q(retry_at__lt=late)
    waiting = InboundEvent.objects.filter(due, status=InboundEvent.Status.NEW)
    if count := waiting.count():
        yield f"{count} received events wait for more than ten minutes: start the worker."
    failed = InboundEvent.objects.filter(status=InboundEvent.Status.FAILED)
    for event in failed.order_by("pk")[:20]:
        yield f"Received event {event.pk} failed ({event.error}): look at it in the admin and replay it."


def _elsewhere(now: datetime) -> Iterator[str]:
    """An account may have other numbers; that none ever writes to ours is a wrong setting."""
    messages = InboundEvent.objects.filter(kind=InboundEvent.Kind.MESSAGE, received_at__gt=now - A_DAY)
    others = messages.filter(status=InboundEvent.Status.IGNORED, contact=None).count()
    if others and not messages.exclude(status=InboundEvent.Status.IGNORED).exists():
        yield (
            f"{others} messages of the last day were for another number or account, and none for ours: "
            "compare WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_BUSINESS_ACCOUNT_ID with Meta's dashboard."
        )


def _stuck(now: datetime) -> Iterator[str]:
    stuck = OutboundMessage.objects.filter(
        status=OutboundMessage.Status.SENDING, lease_until__lt=now - WORKER_MAY_LAG
    )
    for message in stuck.order_by("pk")[:20]:
        yield f"Message {message.pk} has been leaving for too long: start the worker, it tries again."


def _unsent(now: datetime) -> Iterator[str]:
    """Held back on purpose is another matter: the admin shows until when and why."""
    number = BusinessNumber.objects.filter(phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID).first()
    if number is not None and _is_held_back(number, now):
        return
    late = now - SENDING_MAY_LAG
    due = Q(next_try_at=None, created_at__lt=late) | Q(next_try_at__lt=late)
    if number is not None and number.failures_in_row >= FAILURES_THAT_OPEN:
        due = Q(created_at__lt=late)  # each is put off again and again
    queued = OutboundMessage.objects.filter(due, status=OutboundMessage.Status.QUEUED)
    if count := queued.count():
        yield f"{count} messages should have left an hour ago: see that a worker runs and that Meta answers."


def _is_held_back(number: BusinessNumber, now: datetime) -> bool:
    """By a person or at Meta's wish. That Meta does not answer is nobody's purpose."""
    is_held = number.held_until is not None and number.held_until > now
    return number.paused_at is not None or (is_held and number.failures_in_row < FAILURES_THAT_OPEN)


def _untold(now: datetime) -> Iterator[str]:
    """Whoever had a chat hears that they paid; whose orders came by a merge is not known any more."""
    key = Concat(Value("order:"), Cast(OuterRef("pk"), CharField()), Value(":paid"))
    chats = Contact.objects.filter(player=OuterRef("player"), created_at__lt=OuterRef("closed_at"))
    merged = Player.objects.filter(merged_into=OuterRef("player"))
    lately = Order.objects.filter(
        status=Order.Status.PAID, closed_at__gt=now - LOOKED_BACK, closed_at__lt=now - WORKER_MAY_LAG
    )
    untold = lately.filter(
        Exists(chats), ~Exists(merged), ~Exists(OutboundMessage.objects.filter(dedupe_key=key))
    )
    for order in untold.order_by("pk")[:20]:
        yield f"Order {order.code} is paid and nothing told its player so: write to them in their chat."


def _unanswered() -> Iterator[str]:
    """A reply is written in the transaction that marks its event done."""
    fresh = Q(answers__status=InboundEvent.Status.NEW, answers__retry_at=None)  # not what staff replay
    for message in OutboundMessage.objects.filter(fresh).order_by("pk")[:20]:
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
