"""What a person writes to a player from the page of the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.contrib.messages import constants
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from whatsapp.messages import BODY_LIMIT, Text, meta_content, units
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox import queue

# The form stands outside the form of the page, which it is drawn in: forms cannot be nested.
PLACE = {"form": "contact_write", "autocomplete": "off"}

Told = tuple[int, str]


class FitsOneMessage(MaxLengthValidator):
    def clean(self, x: Sized) -> int:
        return units(str(x))


class WordsField(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Browsers count a line break as one sign and send two."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class WordsForm(forms.Form):
    words = WordsField(
        label=_("Write to the player"),
        validators=[FitsOneMessage(BODY_LIMIT)],
        widget=forms.Textarea({**PLACE, "rows": 3, "maxlength": BODY_LIMIT, "class": "form-control"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput(PLACE))

    @classmethod
    def blank(cls) -> WordsForm:
        """With a token of its own: however often this page is sent, the player reads its words once."""
        return cls(initial={"token": uuid4()})


def write_to(contact: Contact, given: Mapping[str, Any], *, by: User, now: datetime) -> Told:
    form = WordsForm(given)
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return constants.ERROR, f"{contact}: {wrong}"
    text = Text(form.cleaned_data["words"])
    key = f"staff:{by.pk}:{form.cleaned_data['token']}"
    queue(contact, text, dedupe_key=key, now=now)
    if not _is_queued(contact, text, key):
        return constants.ERROR, _now(
            "This page has already sent another message; nothing was sent now. Write it here again."
        )
    if contact.is_window_open(now):
        return constants.SUCCESS, _now("Sent to %(contact)s") % {"contact": contact}
    return constants.WARNING, _now("It will leave when the player writes again")


def _is_queued(contact: Contact, text: Text, key: str) -> bool:
    """A page that the browser kept may come back with its old token and new words."""
    row = OutboundMessage.objects.get(dedupe_key=key)
    return row.contact_id == contact.pk and row.content == meta_content(text)
