"""While a person answers, the bot is silent; what the player sends is seen; then the bot answers again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from tests.whatsapp.chat import a_member_of_staff, contact_of, heard, say
from tests.whatsapp.meta import ANA, NOW
from whatsapp.admin.changes import PERSON, PERSON_BY_TEMPLATE, give_back, take_chats
from whatsapp.admin.writing import WordsForm, write_to
from whatsapp.models import Conversation, InboundEvent

pytestmark = pytest.mark.django_db


def written(words: str) -> None:
    form = WordsForm({"words": words, "token": str(uuid4())})
    assert write_to(contact_of(ANA), form, by=a_member_of_staff(), now=NOW)


@pytest.fixture(autouse=True)
def a_chat(moto: Raffle) -> None:
    say("menu")


def test_once_a_person_has_written_the_bot_says_nothing(moto: Raffle) -> None:
    written("Hola Ana, soy Rosa.")
    before = len(heard())
    for words in ("gracias", "menu", "1"):
        say(words)
    assert len(heard()) == before
    assert Conversation.objects.get().state == "MENU"
    assert set(InboundEvent.objects.values_list("status", flat=True)) == {"DONE"}


def test_staff_hear_that_the_player_wrote(moto: Raffle) -> None:
    written("Hola Ana.")
    say("¿sigue ahí?")
    say("¿hola?")
    assert StaffNotification.objects.get().kind == "PERSON_REQUESTED"


def test_given_back_the_bot_answers_at_once(moto: Raffle) -> None:
    take_chats([contact_of(ANA).pk], now=NOW)
    before = len(heard())
    say("menu")
    assert give_back([contact_of(ANA).pk]) == [contact_of(ANA).pk]
    say("menu")
    assert len(heard()) == before + 1


def test_after_an_hour_without_a_word_the_bot_answers_again(moto: Raffle) -> None:
    take_chats([contact_of(ANA).pk], now=NOW)
    before = len(heard())
    say("menu", at=NOW + PERSON - timedelta(seconds=1))
    assert len(heard()) == before
    say("menu", at=NOW + PERSON)
    assert len(heard()) == before + 1


def test_what_the_player_writes_does_not_lengthen_the_hour_but_what_staff_write_does(moto: Raffle) -> None:
    take_chats([contact_of(ANA).pk], now=NOW)
    before = len(heard())
    say("gracias", at=NOW + PERSON / 2)
    take_chats([contact_of(ANA).pk], now=NOW + PERSON / 2)
    say("menu", at=NOW + PERSON)
    assert len(heard()) == before
    say("menu", at=NOW + PERSON * 1.5)
    assert len(heard()) == before + 1


def test_a_longer_time_is_not_cut_short_by_the_next_word(moto: Raffle) -> None:
    take_chats([contact_of(ANA).pk], now=NOW, length=PERSON_BY_TEMPLATE)
    take_chats([contact_of(ANA).pk], now=NOW + PERSON)
    assert Conversation.objects.get().person_until == NOW + PERSON_BY_TEMPLATE


@pytest.mark.parametrize("given_back", [True, False])
def test_whoever_asked_for_a_person_and_got_one_hears_the_bot_again(moto: Raffle, given_back: bool) -> None:
    """The silence of twelve hours was for waiting; it must not outlast the person."""
    say("agente")
    assert Conversation.objects.get().state == "AGENT"
    take_chats([contact_of(ANA).pk], now=NOW)
    before = len(heard())
    if given_back:
        give_back([contact_of(ANA).pk])
    say("hola", at=NOW if given_back else NOW + PERSON)
    assert len(heard()) == before + 1


def test_a_chat_that_waits_for_a_person_can_be_given_back_untaken(moto: Raffle) -> None:
    say("agente")
    before = len(heard())
    say("hola")
    assert len(heard()) == before
    assert give_back([contact_of(ANA).pk]) == [contact_of(ANA).pk]
    say("hola")
    assert len(heard()) == before + 1
