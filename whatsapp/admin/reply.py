"""What can be said to a player now, until when, and who answers meanwhile: a sentence for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from raffles.sales.admin.showing import ago, moment
from whatsapp.admin.doors import wording_links
from whatsapp.models import Contact
from whatsapp.models.contacts import WINDOW


@dataclass(frozen=True)
class Reply:
    is_open: bool
    window: str
    bot: str
    wordings: list[dict[str, str]]


def reply_of(contact: Contact, user: Any, now: datetime) -> Reply:
    is_open = contact.is_window_open(now)
    wordings = [] if is_open else wording_links(contact, user)
    window = _window(contact, now, has_wordings=bool(wordings))
    return Reply(is_open, window, _bot(contact, now, is_open=is_open), wordings)


def _window(contact: Contact, now: datetime, *, has_wordings: bool) -> str:
    wrote = contact.last_inbound_at
    if wrote is not None and contact.is_window_open(now):
        return _("Until %(until)s you can write freely.") % {"until": moment(wrote + WINDOW)}
    past = (
        _("The player last wrote %(ago)s, and WhatsApp closes a chat after 24 hours.")
        % {"ago": ago(wrote, now)}
        if wrote is not None
        else _("The player has not written yet.")
    )
    now_possible = (
        _("Until they write again, only these approved messages can be sent.")
        if has_wordings
        else _("Until they write again nothing can be sent: no approved message is ready in their language.")
    )
    return f"{past} {now_possible}"


def _bot(contact: Contact, now: datetime, *, is_open: bool) -> str:
    chat = getattr(contact, "conversation", None)
    if contact.blocked_at is not None:
        return _("The player is blocked: nothing they write is answered.")
    if chat is not None and chat.is_with_person(now):
        return _("A person has the chat until %(until)s; then the bot answers again.") % {
            "until": moment(chat.person_until)
        }
    if contact.muted_at is not None:
        return _("The bot is muted: it answers nothing until you let it. Receipts still reach their orders.")
    if is_open:
        return _("When you write, the bot is silent for an hour.")
    return _("After an approved message the bot is silent for 24 hours, so that a person reads the answer.")
