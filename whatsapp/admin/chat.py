"""A chat as the player saw it, with what only staff know: how each message fared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from raffles.sales.admin.files import PICTURES
from raffles.sales.admin.showing import page_url
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


@dataclass(frozen=True, kw_only=True)
class ChatBubble:
    is_ours: bool
    at: datetime
    words: str
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
    received = inbound.select_related("media").order_by("-happened_at", "-id")[:reach]
    sent = outbound.order_by("-created_at", "-id")[:reach]
    newest_first = sorted(
        _bubbles(received, sent), key=lambda bubble: (bubble.at, bubble.is_ours), reverse=True
    )
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
        words=words,
        note=note,
        url=page_url(event),
        file_url=file_url(event) if has_file else "",
        is_picture=has_file and media is not None and media.content_type in PICTURES,
        status=str(event.get_status_display()) if failed else "",
        tone="bad" if failed else "",
        error=event.error,
    )


def _ours(message: OutboundMessage) -> ChatBubble:
    return ChatBubble(
        is_ours=True,
        at=message.created_at,
        words=words_of(message.content),
        url=page_url(message),
        choices=tuple(choices_of(message.content)),
        tick=TICKS[Status(message.status)],
        status=message.get_status_display(),
        tone={"READ": "read", "FAILED": "bad", "DROPPED": "bad"}.get(message.status, ""),
        error=error_words(message),
    )


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
