from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.chats import make_contact
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import page_of, text, told
from tests.factories import NOW
from whatsapp.admin.changes import PERSON
from whatsapp.messages import words_of
from whatsapp.models import Contact, Conversation, OutboundMessage

TOKEN = re.compile(r'name="token" value="([0-9a-f-]{36})"')


def token_on(client: Client, contact: Contact) -> str:
    found = TOKEN.search(text(client.get(page_of(contact))))
    assert found is not None
    return found[1]


def write(client: Client, contact: Contact, words: str, token: str | None = None) -> Any:
    given = {"words": words, "token": token or token_on(client, contact)}
    return client.post(page_of(contact, "write"), given, follow=True)


def test_what_staff_write_is_queued_shown_in_the_chat_and_leaves_the_talk_as_it_is(
    desk: Client, boss: User
) -> None:
    contact, _other = make_contact(), make_contact()
    before = Conversation.objects.values().get(contact=contact)
    token = token_on(desk, contact)
    page = write(desk, contact, "  Hello <b>,\r\nyour prize is here. ", token)
    assert told(page) == f"Sent to {contact}"
    message = OutboundMessage.objects.get()
    assert (message.contact, message.status, message.created_at) == (contact, "QUEUED", NOW)
    assert message.dedupe_key == f"staff:{boss.pk}:{token}"
    assert words_of(message.content) == "Hello <b>,\nyour prize is here."
    assert "Hello &lt;b&gt;,\nyour prize is here." in text(page)
    until = {"person_until": NOW + PERSON}
    assert Conversation.objects.values().get(contact=contact) == before | until


def test_a_double_click_sends_once_and_the_next_page_sends_again(desk: Client) -> None:
    contact = make_contact()
    token = token_on(desk, contact)
    pages = [write(desk, contact, "Hello", token) for _click in range(2)]
    assert [told(page) for page in pages] == [f"Sent to {contact}"] * 2
    assert OutboundMessage.objects.count() == 1
    write(desk, contact, "Hello")
    assert OutboundMessage.objects.count() == 2


def test_other_words_from_a_page_that_has_sent_are_not_said_to_be_sent(desk: Client) -> None:
    contact, other = make_contact(), make_contact()
    token = token_on(desk, contact)
    write(desk, contact, "Hello", token)
    for late in (write(desk, contact, "Good bye", token), write(desk, other, "Hello", token)):
        assert "nothing was sent now" in told(late)
    assert words_of(OutboundMessage.objects.get().content) == "Hello"


@pytest.mark.parametrize("last_inbound_at", [None, NOW - timedelta(days=2)])
def test_words_to_a_player_whose_window_is_closed_wait_for_their_next_message(
    desk: Client, last_inbound_at: Any
) -> None:
    contact = make_contact(last_inbound_at=last_inbound_at)
    page = write(desk, contact, "Hello")
    assert told(page) == "It will leave when the player writes again"
    assert OutboundMessage.objects.get().contact == contact


@pytest.mark.parametrize("words", ["", " \r\n\t ", "x" * 4097, "🎉" * 2049, "a\x00b"])
def test_words_that_whatsapp_would_not_take_are_refused(desk: Client, words: str) -> None:
    contact = make_contact()
    assert str(contact) in told(write(desk, contact, words))
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize("words", ["x" * 4096, "🎉" * 2048, "x\r\n" * 2047 + "xx"])
def test_the_longest_message_is_sent_whole(desk: Client, words: str) -> None:
    write(desk, make_contact(), words)
    assert words_of(OutboundMessage.objects.get().content) == words.replace("\r\n", "\n")


@pytest.mark.parametrize("token", ["x", "x" * 300])
def test_a_made_up_token_is_refused(desk: Client, token: str) -> None:
    contact = make_contact()
    assert str(contact) in told(write(desk, contact, "Hello", token))
    assert not OutboundMessage.objects.exists()


def test_writing_needs_permission_a_post_and_a_page_of_ours(
    client_of: ClientOf, desk: Client, boss: User
) -> None:
    contact = make_contact()
    given = {"words": "Hello", "token": str(uuid4())}
    viewer = client_of("whatsapp.view_contact")
    assert "contact_write" not in text(viewer.get(page_of(contact)))
    assert viewer.post(page_of(contact, "write"), given).status_code == 403
    assert desk.get(page_of(contact, "write"), given).headers["location"] == page_of(contact)
    assert desk.post(page_of(Contact(pk=999), "write"), given).status_code == 404
    stranger = Client(enforce_csrf_checks=True, headers=ENGLISH)
    stranger.force_login(boss)
    assert stranger.post(page_of(contact, "write"), given).status_code == 403
    assert not OutboundMessage.objects.exists()


def test_who_may_change_contacts_may_write_to_them(client_of: ClientOf) -> None:
    contact = make_contact()
    answering = client_of("whatsapp.view_contact", "whatsapp.change_contact")
    assert told(write(answering, contact, "Hello")) == f"Sent to {contact}"


def test_the_form_of_the_chat_is_not_inside_the_form_of_the_contact(desk: Client) -> None:
    page = text(desk.get(page_of(make_contact())))
    form = page.index('<form id="contact_write"')
    assert page.rindex("</form>", 0, form) > page.index('id="contact_form"')
    for part in ("<textarea", '<input type="hidden" name="token"', 'type="submit" form="contact_write"'):
        assert page.index(part) < form
    assert page.count('form="contact_write"') == 3
