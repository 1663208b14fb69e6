"""Mute, block, take, give back, reset, language, pauses: done once, told in the log once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from raffles.audit.models import AuditEntry, Deed
from tests.admin.chats import make_contact
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, listed, page_of, run_action, text, told
from tests.factories import NOW
from whatsapp import switch
from whatsapp.models import Contact, OutboundMessage


def log(deed: str = Deed.CONTACT_CHANGED) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    lines = AuditEntry.objects.filter(action=deed).order_by("pk")
    return [(line.subject_label, line.before, line.after) for line in lines]


def offered(client: Client, contact: Contact) -> set[str]:
    return {change["name"] for change in client.get(page_of(contact)).context["changes"]}


def test_the_bot_is_muted_and_let_speak_from_the_chat(desk: Client) -> None:
    contact = make_contact()
    assert "Mute the bot" in told(desk.post(page_of(contact, "mute"), follow=True))
    page = desk.get(page_of(contact))
    assert "The bot is muted: it answers nothing until you let it." in page.context["reply"].bot
    assert Contact.objects.get().muted_at == NOW
    assert "unmute" in offered(desk, contact)
    assert "mute" not in offered(desk, contact)
    desk.post(page_of(contact, "unmute"))
    assert Contact.objects.get().muted_at is None


def test_many_are_muted_from_the_list_which_shows_and_finds_them(desk: Client) -> None:
    contact, muted = make_contact(), make_contact(muted_at=NOW)
    assert listed(desk, Contact, muted_at__isempty="0") == {muted.pk}
    assert told(run_action(desk, Contact, "mute_contacts", [contact, muted])) == "Mute the bot: 1"
    assert text(desk.get(list_of(Contact))).count("Bot muted") == 2
    assert told(run_action(desk, Contact, "unmute_contacts", [contact, muted])) == "Let the bot answer: 2"


@pytest.mark.parametrize(
    ("change", "bulk"),
    [
        ("mute", "mute_contacts"),
        ("unmute", "unmute_contacts"),
        ("block", "block_contacts"),
        ("reset", "reset_conversation"),
    ],
)
def test_muting_and_the_like_need_the_right_to_change_contacts(
    client_of: ClientOf, change: str, bulk: str
) -> None:
    contact = make_contact()
    viewer = client_of("whatsapp.view_contact", "whatsapp.write_note")
    assert viewer.post(page_of(contact, change)).status_code == 403
    run_action(viewer, Contact, bulk, [contact])
    stored = Contact.objects.select_related("conversation").get()
    assert (stored.muted_at, stored.blocked_at, stored.conversation.state) == (None, None, "PAYMENT")
    assert log() == []


@pytest.mark.parametrize(
    ("change", "back"),
    [("mute", "unmute"), ("block", "unblock"), ("take", "give_back")],
)
def test_a_change_and_its_undoing_are_told_once_however_often_they_are_pressed(
    desk: Client, change: str, back: str
) -> None:
    contact = make_contact()
    for name in (change, change, back, back):
        desk.post(page_of(contact, name))
    label = f"#{contact.pk}"
    assert log() == [(label, {}, {"change": change}), (label, {}, {"change": back})]


def test_in_bulk_the_log_names_whom_it_changed_and_nobody_else(desk: Client) -> None:
    contact, blocked = make_contact(), make_contact(blocked_at=NOW)
    run_action(desk, Contact, "block_contacts", [contact, blocked])
    run_action(desk, Contact, "reset_conversation", [contact])
    run_action(desk, Contact, "reset_conversation", [contact])
    label = f"#{contact.pk}"
    assert log() == [(label, {}, {"change": "block"}), (label, {}, {"change": "reset"})]


def test_a_changed_language_is_told_from_what_to_what(desk: Client) -> None:
    contact = make_contact()
    desk.post(page_of(contact), {"language": "en"})
    desk.post(page_of(contact), {"language": "en"})
    before, after = {"language": "es"}, {"change": "save", "language": "en"}
    assert log() == [(f"#{contact.pk}", before, after)]


def test_whoever_answers_takes_the_chat_which_is_told_once(desk: Client) -> None:
    contact = make_contact()
    for words in ("Hola", "¿Me oyes?"):
        desk.post(page_of(contact, "write"), {"words": words, "token": str(uuid4())})
    assert log() == [(f"#{contact.pk}", {}, {"change": "take"})]
    assert len(log(Deed.MESSAGE_WRITTEN)) == 2
    page = desk.get(page_of(contact))
    assert "A person has the chat until" in page.context["reply"].bot


def test_a_pause_and_its_end_are_told_with_the_reason_and_once(desk: Client) -> None:
    number = switch.number()
    for _press in range(2):
        desk.post(page_of(number, "pause"), {"reason": "the draw was moved"})
    desk.post(page_of(number, "resume"))
    lines = AuditEntry.objects.filter(action=Deed.SENDING_SWITCHED).order_by("pk")
    assert [(line.after, line.reason, line.actor) for line in lines] == [
        ({"step": "pause"}, "the draw was moved", "staff:boss"),
        ({"step": "resume"}, "", "staff:boss"),
    ]


@pytest.mark.parametrize("words", ["x" * 4097, "a\x00b"])
def test_words_that_are_refused_come_back_as_they_were_typed(desk: Client, words: str) -> None:
    contact = make_contact()
    page = desk.post(page_of(contact, "write"), {"words": words, "token": str(uuid4())})
    assert page.status_code == 200
    assert page.context["writing"]["words"].value() == words
    assert page.context["writing"]["words"].errors
    assert not OutboundMessage.objects.exists()


def test_words_from_a_page_that_has_sent_come_back_and_leave_at_the_next_press(desk: Client) -> None:
    contact, token = make_contact(), str(uuid4())
    desk.post(page_of(contact, "write"), {"words": "Hello", "token": token})
    page = desk.post(page_of(contact, "write"), {"words": "Good bye", "token": token})
    again = {name: page.context["writing"][name].value() for name in ("words", "token")}
    assert again["words"] == "Good bye"
    assert told(desk.post(page_of(contact, "write"), again, follow=True)) == f"Sent to {contact}"
    assert OutboundMessage.objects.count() == 2
