"""Where the bot stood, in words, wherever that changed; and what a long chat costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.chats import make_contact, photographed, said, sent
from tests.admin.pages import list_of, page_of, text
from tests.factories import NOW, make_staff
from whatsapp.admin.standing import PLACES, SILENCES
from whatsapp.conversation.states import State
from whatsapp.models import Contact, InboundEvent, MessageTemplate, StaffNote
from whatsapp.outbox.claims import NO_TEMPLATE, OUT_OF_DATE


def heard(contact: Contact, before: str, after: str, silence: str = "") -> InboundEvent:
    return said(contact, "x", state_before=before, state_after=after, silence=silence)


def changes(client: Client, contact: Contact) -> list[str]:
    """The oldest first, as they are read from above."""
    found = []
    for bubble in reversed(client.get(page_of(contact)).context["chat"].bubbles):
        found += [words for words in (bubble.standing.before, bubble.standing.after) if words]
    return found


def test_each_change_is_told_once_and_in_words(desk: Client) -> None:
    contact = make_contact()
    for before, after in (("MENU", "RAFFLES"), ("RAFFLES", "NUMBERS"), ("NUMBERS", "NUMBERS")):
        heard(contact, before, after)
    heard(contact, "NUMBERS", "CONFIRM")
    assert changes(desk, contact) == [
        "Choosing a raffle",
        "Choosing numbers",
        "Numbers held, to be confirmed",
    ]
    page = text(desk.get(page_of(contact)))
    assert "NUMBERS" not in page
    assert page.index("Numbers held, to be confirmed") < page.index("Choosing numbers")  # drawn from the end


def test_silence_is_told_when_it_begins_and_where_the_bot_goes_on(desk: Client) -> None:
    contact = make_contact()
    heard(contact, "MENU", "MENU")
    heard(contact, "MENU", "MENU", "PERSON")
    heard(contact, "MENU", "MENU", "PERSON")
    heard(contact, "MENU", "PAYMENT", "MUTED")
    heard(contact, "PAYMENT", "PAYMENT")
    assert changes(desk, contact) == [
        "A person answers; the bot is silent",
        "The bot is muted",
        "To pay, or the payment is being checked",
    ]


def test_what_staff_changed_between_two_messages_stands_before_the_second(desk: Client) -> None:
    contact = make_contact()
    heard(contact, "MENU", "NUMBERS")
    second = heard(contact, "MENU", "RAFFLES")
    assert changes(desk, contact) == ["Choosing numbers", "At the menu", "Choosing a raffle"]
    newest = desk.get(page_of(contact)).context["chat"].bubbles[0]
    assert (newest.url, newest.standing.before) == (page_of(second), "At the menu")


def test_a_chat_that_was_taken_says_that_and_not_where_the_bot_was_left(desk: Client) -> None:
    contact = make_contact()
    heard(contact, "MENU", "AGENT")
    heard(contact, "MENU", "MENU", "PERSON")
    assert changes(desk, contact) == [
        "Asked for a person; the bot is silent",
        "A person answers; the bot is silent",
    ]


def test_messages_that_had_no_turn_tell_nothing_and_an_old_state_is_called_old(desk: Client) -> None:
    contact = make_contact()
    heard(contact, "MENU", "MENU")
    said(contact, "x", status="FAILED")
    heard(contact, "MENU", "PICKING_1999")
    assert changes(desk, contact) == ["Where an earlier version left it"]


def test_every_state_and_every_silence_has_words_of_its_own() -> None:
    assert set(PLACES) == set(State)
    assert set(SILENCES) == set(InboundEvent.Silence)
    words = [str(each) for each in (*PLACES.values(), *SILENCES.values())]
    assert len(set(words)) == len(words)


def test_list_and_filter_say_it_in_words_too(desk: Client) -> None:
    make_contact()
    page = desk.get(list_of(Contact), {"conversation__state": "PAYMENT"})
    assert page.context["cl"].result_count == 1
    assert "To pay, or the payment is being checked" in text(page)
    assert desk.get(list_of(Contact), {"conversation__state": "MENU"}).context["cl"].result_count == 0


def test_a_chat_that_waits_for_a_person_is_told_in_the_list(desk: Client) -> None:
    contact = make_contact()
    contact.conversation.state = "AGENT"
    contact.conversation.save()
    assert "Asked for a person; the bot is silent" in text(desk.get(list_of(Contact)))
    offered = {change["name"] for change in desk.get(page_of(contact)).context["changes"]}
    assert {"take", "give_back"} <= offered


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (131026, "Message undeliverable", "WhatsApp cannot deliver to this player"),
        (131042, "Payment", "Meta asks for a valid payment method"),  # by the table of reactions
        (None, OUT_OF_DATE, "Out of date before it could leave."),
        (None, NO_TEMPLATE, "no approved message says this."),
        (None, "could not be prepared: KeyError", "could not be prepared: KeyError"),
        (131020, "No words of ours", "131020 No words of ours"),
    ],
)
def test_why_a_message_did_not_arrive_is_said_in_words_with_those_of_meta(
    desk: Client, code: int | None, error: str, words: str
) -> None:
    contact = make_contact()
    message = sent(contact, "Paid", status="FAILED", error_code=code, error=error)
    shown = desk.get(page_of(contact)).context["chat"].bubbles[0].error
    assert words in shown
    assert code is None or f"{code} {error}" in shown
    assert words in text(desk.get(page_of(message)))


def everything_in(contact: Contact, many: int) -> None:
    author = make_staff()
    template = {
        "type": "template",
        "template": {"name": "raffle_x_v1", "language": {"code": "es"}, "components": []},
    }
    for number in range(many):
        question = heard(contact, "MENU", "RAFFLES" if number % 2 else "NUMBERS")
        photographed(contact)
        sent(contact, "answer", answers=question)
        sent(contact, "late", sent_as=template)
        StaffNote.objects.create(
            contact=contact, author=author, text="n", written_at=NOW - timedelta(hours=1), token=uuid4()
        )


@pytest.mark.parametrize("window", [timedelta(hours=1), timedelta(days=2)], ids=["open", "closed"])
def test_a_long_chat_costs_no_query_more_than_a_short_one(desk: Client, window: Any) -> None:
    row = {"key": "person_answers", "name": "raffle_x_v1", "language": "es", "body": "a {{message}} b"}
    MessageTemplate.objects.create(status="APPROVED", **row)
    contact = make_contact(last_inbound_at=NOW - window)
    counts = []
    for many in (1, 19):
        everything_in(contact, many)
        desk.get(page_of(contact))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get(page_of(contact))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 18
