"""What a member of staff notes beside a chat, for the others."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from whatsapp.admin.writing import LinesField
from whatsapp.models import Contact, StaffNote
from whatsapp.models.notes import NOTE_LIMIT

PERMISSION = "whatsapp.write_note"
# The form stands outside the form of the page, as that of the words to the player does.
PLACE = {"form": "contact_note", "autocomplete": "off"}


class NoteForm(forms.Form):
    prefix = "note"

    text = LinesField(
        label=_("Note for the team"),
        max_length=NOTE_LIMIT,
        widget=forms.Textarea({**PLACE, "rows": 2, "class": "form-control"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput(PLACE))

    @classmethod
    def blank(cls) -> NoteForm:
        return cls(initial={"token": uuid4()})


def write_note(contact: Contact, form: NoteForm, *, by: User, now: datetime) -> bool:
    """False with the reason in the form. Sent twice, it is one note."""
    if not form.is_valid():
        return False
    text, token = form.cleaned_data["text"], form.cleaned_data["token"]
    note = StaffNote(contact=contact, author=by, written_at=now, text=text, token=token)
    StaffNote.objects.bulk_create([note], ignore_conflicts=True)
    if StaffNote.objects.filter(token=token, contact=contact, author=by, text=text).exists():
        return True
    form.add_error("text", _now("This page has already written another note. Press the button again."))
    return False
