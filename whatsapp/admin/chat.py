"""A chat as the player saw it, with what only staff know: how each message fared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from raffles.sales.admin.files import DRAWN
from raffles.sales.admin.showing import page_url
from whatsapp import templates
from whatsapp.admin.failures import why
from whatsapp.admin.standing import UNCHANGED, Standing, standings
from whatsapp.messages import choices_of, words_of
from whatsapp.models import Contact, InboundEvent, InboundMedia, OutboundMessage, StaffNote
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
    """`kind` is theirs, ours or note; `token` that of the page on which staff wrote it."""

    kind: str
    at: datetime
    place: Place
    words: SafeString
    url: str = ""
    author: str = ""
    token: str = ""
    standing: Standing = UNCHANGED
    note: str = ""
    choices: tuple[str, ...] = ()
    file_url: str = ""
    copy_url: str = ""
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
    newest_first = sorted(_bubbles(contact, reach), key=lambda bubble: bubble.place, reverse=True)
    shown = newest_first[(number - 1) * PAGE : number * PAGE]
    older = number + 1 if len(newest_first) > number * PAGE else None
    return ChatPage(tuple(shown), older, number - 1 or None)


def _bubbles(contact: Contact, reach: int) -> Iterator[ChatBubble]:
    inbound = InboundEvent.objects.filter(contact=contact, kind=InboundEvent.Kind.MESSAGE)
    taken = Coalesce("done_at", "received_at").desc()
    received = list(inbound.select_related("media").order_by(taken, "-happened_at", "-id")[:reach])
    changed = standings(received)
    yield from (_theirs(event, changed.get(event.pk, UNCHANGED)) for event in received)
    sent = contact.outbound_messages.select_related("answers").order_by("-created_at", "-id")[:reach]
    yield from map(_ours, sent, words_of_all(sent))
    notes = contact.notes.select_related("author").order_by("-written_at", "-id")[:reach]
    yield from map(_noted, notes)


def _theirs(event: InboundEvent, standing: Standing) -> ChatBubble:
    words, note = said(event)
    media: InboundMedia | None = getattr(event, "media", None)
    has_file = media is not None and bool(media.file)
    failed = event.status == InboundEvent.Status.FAILED
    return ChatBubble(
        kind="theirs",
        at=event.happened_at,
        place=_place_of(event),
        standing=standing,
        words=formatted(words),
        note=note,
        url=page_url(event),
        file_url=file_url(event) if has_file else "",
        copy_url=copy_url(event, media) if has_file else "",
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


def _ours(message: OutboundMessage, words: str) -> ChatBubble:
    return ChatBubble(
        kind="ours",
        token=message.dedupe_key.rpartition(":")[2] if message.dedupe_key.startswith("staff:") else "",
        at=message.created_at,
        place=_place_of_ours(message),
        words=formatted(words),
        url=page_url(message),
        choices=tuple(choices_told(message)),
        tick=TICKS[Status(message.status)],
        status=message.get_status_display(),
        tone={"READ": "read", "FAILED": "bad", "DROPPED": "bad"}.get(message.status, ""),
        error=why(message),
    )


def _noted(note: StaffNote) -> ChatBubble:
    """Behind what was said in the same instant; no mark in it is at work."""
    return ChatBubble(
        kind="note",
        at=note.written_at,
        place=(note.written_at, note.written_at, note.pk, True),
        words=escape(note.text),
        author=str(note.author),
        token=str(note.token),
    )


def words_of_all(messages: Iterable[OutboundMessage]) -> list[str]:
    """For one look at the wordings, however many left as a template."""
    given = list(messages)
    told = iter(templates.words_of_all(message.sent_as for message in given if message.sent_as))
    return [next(told) if message.sent_as else words_of(message.content) for message in given]


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


def copy_url(event: InboundEvent, media: InboundMedia | None) -> str:
    """Where what staff see of a file is; nothing of a file that cannot be drawn."""
    if media is None or media.showing == InboundMedia.Showing.UNREADABLE or media.content_type not in DRAWN:
        return ""
    return reverse("admin:whatsapp_inboundevent_copy", args=(event.pk,))


def file_url(event: InboundEvent) -> str:
    return reverse("admin:whatsapp_inboundevent_file", args=(event.pk,))
