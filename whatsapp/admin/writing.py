"""What a person writes to a player from the page of the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.models import User
from django.contrib.messages import constants
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from whatsapp.admin.changes import PERSON, take_chats
from whatsapp.admin.trail import note_changes, note_written
from whatsapp.messages import BODY_LIMIT, TemplateCall, Text, meta_content, units
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox import queue

# The form stands outside the form of the page, which it is drawn in: forms cannot be nested.
PLACE = {"form": "contact_write", "autocomplete": "off"}

Told = tuple[int, str]


class FitsOneMessage(MaxLengthValidator):
    def clean(self, x: Sized) -> int:
        return units(str(x))


class LinesField(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Browsers count a line break as one sign and send two."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class WordsForm(forms.Form):
    words = LinesField(
        label=_("Write to the player"),
        validators=[FitsOneMessage(BODY_LIMIT)],
        widget=forms.Textarea({**PLACE, "rows": 3, "maxlength": BODY_LIMIT, "class": "form-control"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput(PLACE))

    @classmethod
    def blank(cls) -> WordsForm:
        """With a token of its own: however often this page is sent, the player reads its words once."""
        return cls(initial={"token": uuid4()})


class PageHasSent(Exception):
    """A page that the browser kept came back with its old token and new words."""


def with_new_token(given: Mapping[str, Any], name: str = "token") -> dict[str, Any]:
    """What was typed, for a page that can be sent again."""
    return {**{key: given[key] for key in given}, name: str(uuid4())}


def queue_by_hand(
    contact: Contact,
    words: str,
    *,
    token: UUID,
    by: User,
    now: datetime,
    template: TemplateCall | None = None,
) -> None:
    """Raises PageHasSent. Sent twice with the same words, it is one message."""
    key, text = f"staff:{by.pk}:{token}", Text(words)
    queue(contact, text, dedupe_key=key, now=now, template=template)
    row = OutboundMessage.objects.get(dedupe_key=key)
    if row.contact_id != contact.pk or row.content != meta_content(text):
        raise PageHasSent


def take_over(contact: Contact, *, by: User, now: datetime, length: timedelta = PERSON) -> None:
    """Whoever writes has the chat."""
    note_changes(take_chats([contact.pk], now=now, length=length), "take", user=by)
    note_written(contact, user=by)


def write_to(contact: Contact, form: WordsForm, *, by: User, now: datetime) -> Told | None:
    """None with the reason in the form."""
    if not form.is_valid():
        return None
    try:
        queue_by_hand(contact, form.cleaned_data["words"], token=form.cleaned_data["token"], by=by, now=now)
    except PageHasSent:
        form.add_error("words", already_sent())
        return None
    take_over(contact, by=by, now=now)
    if contact.is_window_open(now):
        return constants.SUCCESS, _now("Sent to %(contact)s") % {"contact": contact}
    return constants.WARNING, _now("It will leave when the player writes again")


def already_sent() -> str:
    return _now("This page has already sent another message; nothing was sent now. Press the button again.")
