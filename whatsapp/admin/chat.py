"""A chat as the player saw it, with what only staff know: how each message fared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from raffles.sales.admin.files import PICTURES
from raffles.sales.admin.showing import page_url
from whatsapp import templates
from whatsapp.messages import choices_of, words_of
from whatsapp.models import Contact, InboundEvent, InboundMedia, OutboundMessage
from whatsapp.payloads import FileSent, Said, Silent, Tapped, read_message

PAGE = 100

Status = OutboundMessage.Status
TICKS = {
    Status.QUEUED: "🕓",
    Status.WAITING: "🕓",
    Status.SENDING: "🕓",
    Status.SENT: "✓",
    Status.DELIVERED: "✓✓",
    Status.READ: "✓✓",
    Status.FAILED: "✗",
    Status.DROPPED: "✗",
}


MARKS = tuple(
    (re.compile(rf"(?<!\w){mark}(?![\s\u200b])([^{mark}\n]+?)(?<!\s){mark}(?!\w)"), tag)
    for mark, tag in ((r"\*", "b"), ("_", "i"))
)

# Instant, place of the message in Meta's order, and a reply behind what it answers.
Place = tuple[datetime, datetime, int, bool]


@dataclass(frozen=True, kw_only=True)
class ChatBubble:
    is_ours: bool
    at: datetime
    place: Place
    words: SafeString
    url: str
    note: str = ""
    choices: tuple[str, ...] = ()
    file_url: str = ""
    is_picture: bool = False
    tick: str = ""
    status: str = ""
    tone: str = ""
    error: str = ""


@dataclass(frozen=True)
class ChatPage:
    bubbles: tuple[ChatBubble, ...]
    older: int | None
    newer: int | None


def chat_of(contact: Contact, number: int = 1) -> ChatPage:
    """Newest first: the page stacks them upwards, so that it opens at the end of the chat."""
    number = max(number, 1)
    reach = number * PAGE + 1
    inbound = InboundEvent.objects.filter(contact=contact, kind=InboundEvent.Kind.MESSAGE)
    outbound = OutboundMessage.objects.filter(contact=contact)
    taken = Coalesce("done_at", "received_at").desc()
    received = inbound.select_related("media").order_by(taken, "-happened_at", "-id")[:reach]
    sent = outbound.select_related("answers").order_by("-created_at", "-id")[:reach]
    newest_first = sorted(_bubbles(received, sent), key=lambda bubble: bubble.place, reverse=True)
    shown = newest_first[(number - 1) * PAGE : number * PAGE]
    older = number + 1 if len(newest_first) > number * PAGE else None
    return ChatPage(tuple(shown), older, number - 1 or None)


def _bubbles(received: Iterable[InboundEvent], sent: Iterable[OutboundMessage]) -> Iterable[ChatBubble]:
    yield from (_theirs(event) for event in received)
    yield from (_ours(message) for message in sent)


def _theirs(event: InboundEvent) -> ChatBubble:
    words, note = said(event)
    media: InboundMedia | None = getattr(event, "media", None)
    has_file = media is not None and bool(media.file)
    failed = event.status == InboundEvent.Status.FAILED
    return ChatBubble(
        is_ours=False,
        at=event.happened_at,
        place=_place_of(event),
        words=formatted(words),
        note=note,
        url=page_url(event),
        file_url=file_url(event) if has_file else "",
        is_picture=has_file and media is not None and media.content_type in PICTURES,
        status=str(event.get_status_display()) if failed else "",
        tone="bad" if failed else "",
        error=event.error,
    )


def _place_of(event: InboundEvent) -> Place:
    """When the bot took it: Meta's instants are whole seconds, too coarse to tell question from answer."""
    return (event.done_at or event.received_at, event.happened_at, event.pk, False)


def _place_of_ours(message: OutboundMessage) -> Place:
    if message.answers is not None:
        return (*_place_of(message.answers)[:3], True)
    return (message.created_at, message.created_at, 0, True)


def _ours(message: OutboundMessage) -> ChatBubble:
    return ChatBubble(
        is_ours=True,
        at=message.created_at,
        place=_place_of_ours(message),
        words=formatted(words_told(message)),
        url=page_url(message),
        choices=tuple(choices_told(message)),
        tick=TICKS[Status(message.status)],
        status=message.get_status_display(),
        tone={"READ": "read", "FAILED": "bad", "DROPPED": "bad"}.get(message.status, ""),
        error=error_words(message),
    )


def words_told(message: OutboundMessage) -> str:
    """What the player reads: late messages leave as a template, which says it in other words."""
    return templates.words_read(message.sent_as) if message.sent_as else words_of(message.content)


def choices_told(message: OutboundMessage) -> list[str]:
    return templates.choices_read(message.sent_as) if message.sent_as else choices_of(message.content)


def formatted(words: str) -> SafeString:
    """Bold and italic as the phone shows them. A mark that was defused by a zero-width space stays a mark."""
    safe = str(escape(words))
    for pattern, tag in MARKS:
        safe = pattern.sub(rf"<{tag}>\1</{tag}>", safe)
    return mark_safe(safe)  # noqa: S308 - escaped above, then only our own tags


def error_words(message: OutboundMessage) -> str:
    code = "" if message.error_code is None else str(message.error_code)
    return " ".join(part for part in (code, message.error) if part)


def said(event: InboundEvent) -> tuple[str, str]:
    """The words of a message, and what kind of message it was when it was not plain text."""
    message = read_message(event.payload)
    match message:
        case Said(text):
            return text, ""
        case Tapped(_reply, title):
            return title, _("pressed a button")
        case FileSent():
            return message.caption, _("sent a file") if message.kind == "document" else _("sent a picture")
        case Silent(kind):
            return "", kind
    return "", _("sent what the bot cannot read: %(kind)s") % {"kind": message.kind}


def file_url(event: InboundEvent) -> str:
    return reverse("admin:whatsapp_inboundevent_file", args=(event.pk,))
