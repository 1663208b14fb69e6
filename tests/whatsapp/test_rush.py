"""Whoever writes faster than a person can gets no answer until the hour is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from tests.factories import png_bytes
from tests.whatsapp.chat import contact_of, heard, make_contact, say, the_order
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, said, words
from whatsapp.inbox.rush import MOST_TURNS, RUSH
from whatsapp.models import Conversation

pytestmark = pytest.mark.django_db
BETO = Person("Beto", "595981000002", "PY.2")


def after_turns(count: int) -> None:
    """An hour in which so many turns were answered already."""
    make_contact(ANA)
    Conversation.objects.update(rush_began_at=NOW, rush_turns=count)


def test_the_last_turn_within_the_bound_is_answered_and_the_next_is_not() -> None:
    after_turns(MOST_TURNS - 1)
    for _ in range(3):
        receive(said(ANA, words("menu")))
    assert len(heard()) == 1


def test_staff_are_told_once_of_whom_it_is() -> None:
    after_turns(MOST_TURNS)
    for _ in range(5):
        receive(said(ANA, words("menu")))
    assert StaffNotification.objects.get().player_id == contact_of().player_id


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_kept_all_the_same_and_staff_see_it(moto: Raffle, graph: Graph) -> None:
    say("menu", "MOTO", "5,12", "confirmar")
    Conversation.objects.update(rush_began_at=NOW, rush_turns=MOST_TURNS + 5)
    before = len(heard())
    graph.has_media("77", png_bytes())
    receive(said(ANA, {"type": "image", "image": {"id": "77", "mime_type": "image/png"}}))
    assert (the_order().status, the_order().proofs.count(), len(heard())) == ("UNDER_REVIEW", 1, before)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_without_an_order_is_reported(graph: Graph) -> None:
    after_turns(MOST_TURNS + 5)
    graph.has_media("77", png_bytes())
    receive(said(ANA, {"type": "image", "image": {"id": "77", "mime_type": "image/png"}}))
    assert StaffNotification.objects.get().player_id == contact_of().player_id


def test_with_the_next_hour_the_answers_come_back() -> None:
    after_turns(MOST_TURNS)
    at = NOW + RUSH - timedelta(seconds=1)
    receive(said(ANA, words("menu"), at=at), now=at)
    assert heard() == []
    receive(said(ANA, words("menu"), at=NOW + RUSH), now=NOW + RUSH)
    assert len(heard()) == 1


def test_another_s_rush_is_none_of_mine() -> None:
    after_turns(MOST_TURNS)
    receive(said(ANA, words("menu")), said(BETO, words("menu")))
    assert (heard(), len(heard(BETO))) == ([], 1)


def test_two_machines_that_answer_each_other_come_to_an_end() -> None:
    """The other one sends back every word of ours."""
    after_turns(MOST_TURNS - 20)
    receive(said(ANA, words("hola")))
    answered = 0
    while len(heard()) > answered:
        answered = len(heard())
        assert answered <= 20
        receive(said(ANA, words(heard()[-1][:4096])))
    assert answered == 20
