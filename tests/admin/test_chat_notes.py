"""What staff note beside a chat: read by whoever sees the chat, by no player, and there for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ProtectedError
from django.test import Client

from raffles.audit.models import AuditEntry, Deed
from raffles.sales.errors import KeptForever
from tests.admin.chats import make_contact, said
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import page_of, text, told
from tests.factories import NOW, make_staff
from whatsapp.models import Contact, OutboundMessage, StaffNote
from whatsapp.models.notes import NOTE_LIMIT

MAY_NOTE = ("whatsapp.view_contact", "whatsapp.write_note")


def write(client: Client, contact: Contact, words: str, token: str | None = None) -> Any:
    given = {"note-text": words, "note-token": token or str(uuid4())}
    return client.post(page_of(contact, "note"), given, follow=True)


def make_note(contact: Contact, words: str = "paid by her sister", **fields: Any) -> StaffNote:
    given = {"author": make_staff(), "written_at": NOW, "token": uuid4()} | fields
    return StaffNote.objects.create(contact=contact, text=words, **given)


def test_a_note_stands_in_the_chat_with_who_and_when_and_goes_to_nobody(client_of: ClientOf) -> None:
    contact, other = make_contact(), make_contact()
    said(contact, "hola")
    page = write(client_of(*MAY_NOTE, username="rosa"), contact, "Paid by *her* sister,\r\nas in May. ")
    assert told(page) == "The note is kept; only staff read it."
    note = StaffNote.objects.get()
    assert (note.contact, note.author.username, note.written_at) == (contact, "rosa", NOW)
    assert note.text == "Paid by *her* sister,\nas in May."
    bubble = page.context["chat"].bubbles[0]
    assert (bubble.kind, bubble.author, bubble.at) == ("note", "rosa", NOW)
    assert "Note of rosa, for staff only" in text(page)
    assert "Paid by *her* sister,\nas in May." in text(page)
    assert not OutboundMessage.objects.exists()
    assert not text(client_of("whatsapp.view_contact").get(page_of(other))).count("chat-note")


def test_a_note_stands_where_it_was_written_among_the_messages(desk: Client) -> None:
    contact = make_contact()
    said(contact, "first", received_at=NOW - timedelta(hours=3))
    make_note(contact, "between", written_at=NOW - timedelta(hours=2))
    said(contact, "last", received_at=NOW - timedelta(hours=1))
    bubbles = desk.get(page_of(contact)).context["chat"].bubbles
    assert [str(bubble.words) for bubble in bubbles] == ["last", "between", "first"]


def test_whoever_sees_the_chat_reads_it_and_only_who_may_writes_one(client_of: ClientOf) -> None:
    contact = make_contact()
    make_note(contact)
    viewer = client_of("whatsapp.view_contact", username="viewer")
    page = text(viewer.get(page_of(contact)))
    assert "paid by her sister" in page
    assert "contact_note" not in page
    assert viewer.post(page_of(contact, "note"), {"note-text": "x"}).status_code == 403
    answering = client_of("whatsapp.view_contact", "whatsapp.change_contact", username="answering")
    assert answering.post(page_of(contact, "note"), {"note-text": "x"}).status_code == 403
    blind = client_of("whatsapp.write_note", username="blind")
    assert blind.post(page_of(contact, "note"), {"note-text": "x"}).status_code == 403
    assert StaffNote.objects.count() == 1


def test_a_note_needs_a_page_of_ours_and_a_chat(desk: Client, boss: User) -> None:
    contact = make_contact()
    given = {"note-text": "x", "note-token": str(uuid4())}
    assert desk.get(page_of(contact, "note"), given).headers["location"] == page_of(contact)
    assert desk.post(page_of(Contact(pk=999), "note"), given).status_code == 404
    stranger = Client(enforce_csrf_checks=True, headers=ENGLISH)
    stranger.force_login(boss)
    assert stranger.post(page_of(contact, "note"), given).status_code == 403
    assert not StaffNote.objects.exists()


def test_a_double_click_notes_once_and_other_words_are_not_swallowed(desk: Client) -> None:
    contact, token = make_contact(), str(uuid4())
    for _click in range(2):
        assert "kept" in told(write(desk, contact, "once", token))
    page = write(desk, contact, "something else", token)
    assert "already written another note" in told(page)
    assert page.context["noting"]["text"].value() == "something else"
    assert page.context["noting"]["token"].value() != token
    assert [note.text for note in StaffNote.objects.all()] == ["once"]


@pytest.mark.parametrize("words", ["", " \r\n ", "x" * (NOTE_LIMIT + 1), "a\x00b"])
def test_what_is_no_note_is_refused_and_comes_back_as_it_was_typed(desk: Client, words: str) -> None:
    contact = make_contact()
    page = write(desk, contact, words)
    assert str(contact) in told(page)
    assert page.context["noting"]["text"].value() == words
    assert page.context["writing"]["words"].value() is None
    assert not StaffNote.objects.exists()


def test_nothing_in_the_product_changes_or_deletes_a_note(desk: Client) -> None:
    contact = make_contact()
    note = make_note(contact)
    note.text = "something else"
    with pytest.raises(KeptForever):
        note.save()
    with pytest.raises(KeptForever):
        note.delete()
    with pytest.raises(KeptForever):
        StaffNote.objects.all().delete()
    with pytest.raises(ProtectedError):
        note.author.delete()
    with pytest.raises(ProtectedError):
        contact.delete()
    assert not admin.site.is_registered(StaffNote)
    assert StaffNote.objects.get().text == "paid by her sister"


def test_the_log_says_that_a_note_was_written_and_not_what_it_says(desk: Client) -> None:
    contact = make_contact()
    write(desk, contact, "private words")
    line = AuditEntry.objects.get(action=Deed.NOTE_WRITTEN)
    assert (line.subject_type, line.subject_id) == ("whatsapp.Contact", str(contact.pk))
    assert line.actor == "staff:boss"
    assert "private words" not in str(list(AuditEntry.objects.values()))


def test_markup_in_a_note_and_in_names_is_shown_as_words(desk: Client, boss: User) -> None:
    evil = "<img src=x onerror=alert(1)>"
    contact = make_contact(profile_name=evil, username="")
    User.objects.filter(pk=boss.pk).update(username=evil)
    pages = [write(desk, contact, evil), write(desk, contact, ""), desk.get(page_of(contact))]
    pages.append(desk.post(page_of(contact, "mute"), follow=True))
    for page in map(text, pages):
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
