"""A recorded day played again is the same day: the same states, the same messages, the same numbers."""

from __future__ import annotations

import random
from collections import deque
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from raffles.numbers import claims
from raffles.numbers.models import Ticket
from raffles.sales import lifecycle
from raffles.sales.models import Order
from tests.factories import make_raffle, png_bytes
from tests.whatsapp.chat import bubbles, reply_ids
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, Json, Person, press, receive, said, words
from whatsapp import inbox
from whatsapp.models import Conversation, InboundEvent, OutboundMessage

LUZ = Person("Luz", "", "BR.77")
BETO = Person("Beto", "14155550100", "")
TEXTS = (
    "menu", "rifas", "1", "2", "5,12", "random 3", "al azar 2", "confirmar", "cambiar", "cancelar", "sí",
    "mis pedidos", "english", "ayuda", "bla bla", "10-15",
)  # fmt: skip
RECORDED = ("event_key", "kind", "field", "sender", "payload", "happened_at", "received_at")


class Chance(random.Random):
    """What the operating system's randomness was that day."""

    def __init__(self) -> None:
        super().__init__(20261121)


@pytest.fixture(autouse=True)
def _chance(monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(monkeypatch)


def _begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance is an input like any other: the same on both days."""
    chance = Chance()
    monkeypatch.setattr(lifecycle, "secrets", SimpleNamespace(choice=chance.choice))
    monkeypatch.setattr(claims, "SystemRandom", lambda: chance)


def morning() -> None:
    make_raffle(code="MOTO", title="Moto 0 km")
    make_raffle(code="TV", title="Televisor", last_number=999)


PHOTO: Json = {"type": "image", "image": {"id": "77", "mime_type": "image/png"}}
NEXT = {
    "MENU": words("rifas"),
    "RAFFLES": words("1"),
    "NUMBERS": words("random 3"),
    "CONFIRM": words("confirmar"),
    "PAYMENT": PHOTO,
}


def _next(person: Person, dice: random.Random) -> Json:
    """Mostly what leads to a sale, else a button of a late bubble, else anything."""
    chat = Conversation.objects.filter(contact__profile_name=person.name).first()
    chance = dice.random()
    if chat is not None and chat.state in NEXT and chance < 0.55:
        return NEXT[chat.state]
    if chat is not None and chance < 0.75:
        shown = [ids for content in bubbles(person) if (ids := list(reply_ids(content).values()))]
        return press(dice.choice(dice.choice(shown[-3:])))
    return words(dice.choice(TEXTS))


def live_a_day() -> None:
    dice = random.Random(7)
    morning()
    for second in range(80):
        person = dice.choice([ANA, LUZ, BETO])
        at = NOW + timedelta(seconds=second)
        receive(said(person, _next(person, dice), at=at), now=at)


def what_happened() -> dict[str, list[Any]]:
    return {
        "states": list(
            InboundEvent.objects.order_by("pk").values_list("status", "state_before", "state_after")
        ),
        "messages": list(
            OutboundMessage.objects.order_by("pk").values_list("contact__profile_name", "content")
        ),
        "chats": list(Conversation.objects.order_by("pk").values_list("state", "turn", "data")),
        "orders": list(
            Order.objects.order_by("pk").values_list("code", "status", "total_minor", "expires_at")
        ),
        "tickets": list(
            Ticket.objects.order_by("pk").values_list("raffle__code", "number", "order__code", "status")
        ),
    }


def replay(recorded: list[dict[str, Any]]) -> None:
    call_command("flush", interactive=False, verbosity=0)
    morning()
    for columns in recorded:
        InboundEvent.objects.create(**columns)
        inbox.drain(now=columns["received_at"])


@pytest.mark.django_db(transaction=True)
def test_a_recorded_day_played_again_ends_in_the_same_states_and_messages(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.has_media("77", png_bytes())
    live_a_day()
    lived = what_happened()
    recorded = list(InboundEvent.objects.order_by("pk").values(*RECORDED))
    assert len(lived["orders"]) > 5
    assert len({state for _, _, state in lived["states"]}) > 5

    for _ in range(2):
        _begin(monkeypatch)
        replay(recorded)
        assert what_happened() == lived


@pytest.mark.django_db(transaction=True)
def test_another_chance_makes_another_day(graph: Graph) -> None:
    """The control: the codes and the random numbers do come from chance."""
    graph.has_media("77", png_bytes())
    live_a_day()
    lived = what_happened()
    replay(list(InboundEvent.objects.order_by("pk").values(*RECORDED)))
    assert what_happened()["messages"] != lived["messages"]


@pytest.mark.django_db(transaction=True)
def test_the_same_events_twice_have_the_same_effect_as_once(graph: Graph) -> None:
    graph.has_media("77", png_bytes())
    morning()
    day = [
        said(ANA, words(text), at=NOW + timedelta(seconds=second))
        for second, text in enumerate(("rifas", "1", "random 3", "confirmar", "mis pedidos"))
    ]
    receive(*day)
    once = what_happened()
    receive(*day)
    receive(*reversed(day))
    assert what_happened() == once
    assert deque(once["orders"]).pop()[1] == "PENDING_PAYMENT"
