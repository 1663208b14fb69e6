"""What `doctor` finds among messages, and what it finds no fault with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from raffles.sales.models import Order
from tests.factories import confirm, make_order, make_player
from tests.whatsapp.chat import make_contact
from tests.whatsapp.meta import ANA, NOW, Person, body, message, receive, said, value, words
from whatsapp import switch
from whatsapp.invariants import violations
from whatsapp.models import InboundEvent, OutboundMessage

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
BETO = Person("Beto", "595981000002", "PY.2")


@pytest.fixture
def paid() -> Order:
    ana = make_contact(ANA, created_at=NOW - timedelta(days=1))
    order = make_order(player=ana.player, status="UNDER_REVIEW", now=NOW)
    confirm(order, now=NOW)
    return order


def sent_all() -> None:
    OutboundMessage.objects.update(status="SENT", sent_at=NOW)


def test_a_paid_order_whose_player_was_told_is_well(paid: Order) -> None:
    sent_all()
    assert violations(LATER) == []


def test_a_paid_order_of_which_nothing_was_said_is_named(paid: Order) -> None:
    OutboundMessage.objects.all().delete()
    (words_,) = violations(LATER)
    assert words_.startswith(f"Order {paid.code} is paid and nothing told its player so")


def test_who_has_no_chat_or_came_by_a_merge_is_passed_over(paid: Order) -> None:
    make_order(status="PAID", now=NOW)
    OutboundMessage.objects.all().delete()
    make_player(merged_into=paid.player, merged_at=NOW)
    assert violations(LATER) == []


def test_messages_that_do_not_leave_are_counted_unless_sending_is_held_back(paid: Order) -> None:
    assert violations(NOW + timedelta(minutes=50)) == []
    count = OutboundMessage.objects.filter(status="QUEUED").count()
    (told,) = violations(LATER)
    assert told.startswith(f"{count} messages should have left")
    switch.pause(by="Marta", reason="moving", now=NOW)
    assert violations(LATER) == []


def test_that_all_messages_are_for_another_number_is_a_wrong_setting(settings: Settings) -> None:
    settings.WHATSAPP_PHONE_NUMBER_ID = "1234"
    receive(said(ANA, words("hola")))
    (told,) = violations(NOW)
    assert told.startswith("1 messages of the last day were for another number")
    assert violations(NOW + timedelta(days=2)) == []


def test_that_some_are_for_another_number_is_not() -> None:
    receive(said(ANA, words("hola")))
    receive(body(value(message(BETO, words("hola")), number="1234", contacts=[BETO.card])))
    assert violations(NOW) == []


def test_an_event_that_was_put_back_and_never_taken_is_counted() -> None:
    make_contact(ANA)
    receive(said(ANA, words("menu")))
    OutboundMessage.objects.all().delete()
    InboundEvent.objects.update(status="NEW", retry_at=NOW + timedelta(minutes=1))
    assert violations(NOW + timedelta(minutes=5)) == [], "not yet"
    (told,) = violations(LATER)
    assert told.startswith("1 received events wait")
