"""Replies that come late: what is pressed was shown before the last bubble, and the sale goes on."""

from __future__ import annotations

import pytest

from raffles.sales.models import Order
from tests.factories import make_raffle
from tests.whatsapp.chat import bubbles, heard, reply_ids, say, state_of, the_order
from tests.whatsapp.meta import ANA, receive, said
from tests.whatsapp.meta import press as pressed
from whatsapp.conversation.states import State
from whatsapp.models import Conversation

pytestmark = pytest.mark.django_db


def press(title: str, *, bubble: int) -> str:
    """A button of the bubble that is so many from the last: -1 is the last."""
    receive(said(ANA, pressed(reply_ids(bubbles()[bubble])[title])))
    return heard()[-1]


def test_who_always_presses_what_was_shown_one_bubble_ago_still_buys() -> None:
    """Two answers are on their way to the player, who reads each when the next has been said."""
    make_raffle(code="MOTO", title="Moto")
    say("hola", "menu")
    press("Rifas", bubble=-2)
    press("Rifas", bubble=-2)
    press("Moto", bubble=-2)
    press("Moto", bubble=-2)
    press("🎲 1 al azar", bubble=-2)
    press("🎲 1 al azar", bubble=-2)
    press("Confirmar", bubble=-2)
    assert the_order().status == Order.Status.PENDING_PAYMENT


def test_an_explanation_does_not_make_the_bubble_before_it_old() -> None:
    make_raffle(code="MOTO", title="Moto")
    say("rifas")
    press("Moto", bubble=-1)
    press("Moto", bubble=-2)  # of the list, which the chat has left
    assert "mensaje anterior" in heard()[-1]
    press("🎲 1 al azar", bubble=-2)  # of the raffle, where the chat stands
    assert state_of() == State.CONFIRM


def test_pressed_twice_it_is_done_once() -> None:
    make_raffle(code="MOTO", title="Moto")
    say("MOTO")
    press("🎲 1 al azar", bubble=-1)
    assert "mensaje anterior" in press("🎲 1 al azar", bubble=-2)
    assert Order.objects.count() == 1


def test_the_same_place_with_other_numbers_is_another_place() -> None:
    """A button that means the numbers of one offer does not take those of the next."""
    make_raffle(code="MOTO", title="Moto")
    make_raffle(code="AUTO", title="Auto")
    say("MOTO", "AUTO")
    assert "mensaje anterior" in press("🎲 1 al azar", bubble=-2)
    assert not Order.objects.exists()


def test_the_chat_knows_since_which_bubble_it_stands_where_it_is() -> None:
    make_raffle(code="MOTO", title="Moto")
    say("hola")
    chat = Conversation.objects.get()
    assert (chat.turn, chat.here_since) == (1, 0)  # at the menu since before the first word
    say("rifas", "hola")
    chat.refresh_from_db()
    assert (chat.turn, chat.here_since) == (3, 3)
