"""From stored events to turns: in order, once, and never stuck behind a poisonous one."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.factories import make_raffle
from tests.whatsapp.chat import contact_of, heard, make_contact, say, state_of
from tests.whatsapp.meta import ANA, NOW, Json, Person, body, message, post, receive, said, value, words
from tests.whatsapp.racing import race
from whatsapp import inbox
from whatsapp.conversation.engine import take_turn
from whatsapp.inbox import answering, draining, turns
from whatsapp.inbox.draining import Drain
from whatsapp.inbox.trouble import MAX_ATTEMPTS, RETRY_SECONDS
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.payloads import split
from whatsapp.webhook import store

# Ten messages that end elsewhere when any two change places.
TALK = ("menu", "rifas", "1", "5,12", "cambiar", "7,8", "confirmar", "menu", "rifas", "1")
BETO = Person("Beto", "595981000002", "PY.2")


def talk(person: Person = ANA) -> list[Json]:
    return [said(person, words(text), at=NOW + timedelta(seconds=second)) for second, text in enumerate(TALK)]


def outcome(person: Person = ANA) -> tuple[object, ...]:
    orders = Order.objects.filter(player=contact_of(person).player).order_by("pk")
    numbers = [sorted(order.tickets.values_list("number", "status")) for order in orders]
    return state_of(person), [order.status for order in orders], numbers, len(heard(person))


EXPECTED = (
    "NUMBERS",
    ["CANCELLED", "PENDING_PAYMENT"],
    [[(5, "RELEASED"), (12, "RELEASED")], [(7, "RESERVED"), (8, "RESERVED")]],
    len(TALK),
)


@pytest.mark.django_db
def test_messages_run_in_meta_s_order_however_they_arrive() -> None:
    make_raffle(code="MOTO")
    shuffled = talk()
    random.Random(4).shuffle(shuffled)
    receive(*shuffled)
    assert outcome() == EXPECTED


@pytest.mark.django_db
def test_messages_of_one_second_run_in_the_order_of_their_arrival() -> None:
    make_raffle(code="MOTO")
    receive(said(ANA, *(words(text) for text in TALK)))
    assert outcome() == EXPECTED


@pytest.mark.django_db
def test_who_writes_a_flood_does_not_make_the_others_wait() -> None:
    flood = [said(ANA, words("menu"), at=NOW - timedelta(hours=1)) for _ in range(turns.MOST_AT_ONCE + 20)]
    for posted in [*flood, said(BETO, words("menu"))]:
        store(split(posted), now=NOW)
    taken = turns.unread_of([ANA.bsuid, BETO.bsuid])
    assert [len(taken[person.bsuid]) for person in (ANA, BETO)] == [turns.MOST_AT_ONCE, 1]


def delivered(posted: Json) -> Callable[[], object]:
    def deliver() -> object:
        return post(Client(), posted).status_code

    return deliver


def test_parallel_deliveries_and_workers_end_like_the_sequential_run(moto: Raffle) -> None:
    """Workers that compete over ten messages of one contact, stored by ten requests at once."""
    assert race(*[delivered(posted) for posted in talk()]) == [200] * len(TALK)
    race(*[lambda: inbox.drain(now=NOW)] * 3)
    inbox.drain(now=NOW)
    assert outcome() == EXPECTED
    assert InboundEvent.objects.filter(status="DONE", attempts=0).count() == len(TALK)


@pytest.mark.postgres
def test_many_workers_and_players_at_once_end_like_one_after_the_other(moto: Raffle) -> None:
    people = [Person(f"P{n}", f"59598100010{n}", f"PY.10{n}") for n in range(5)]
    for person in people:
        make_contact(person)
    for person in people:
        make_raffle(code=f"R{person.bsuid[-3:]}")
    race(*[delivered(posted) for posted in talk(ANA)])
    greetings = [said(person, words("menu"), at=NOW) for person in people for _ in range(4)]
    race(*[delivered(posted) for posted in greetings], *[lambda: inbox.drain(now=NOW)] * 6)
    race(*[lambda: inbox.drain(now=NOW)] * 6)
    assert outcome() == EXPECTED
    assert [len(heard(person)) for person in people] == [4] * 5
    assert not InboundEvent.objects.exclude(status="DONE").exists()


def test_the_same_message_five_times_in_parallel_has_one_reply(moto: Raffle) -> None:
    posted = said(ANA, words("menu"))
    assert race(*[delivered(posted)] * 5) == [200] * 5
    race(*[lambda: inbox.drain(now=NOW)] * 5)
    assert InboundEvent.objects.count() == 1
    assert len(heard()) == 1


@pytest.mark.django_db
def test_a_message_done_already_is_not_answered_again() -> None:
    """The control of the mark by its old status: without it the second worker would answer as well."""
    receive(said(ANA, words("menu")))
    event = InboundEvent.objects.get()
    OutboundMessage.objects.update(dedupe_key="before")
    assert turns._take(event, NOW) == 0
    assert len(heard()) == 1
    InboundEvent.objects.update(status="NEW")
    assert turns._take(event, NOW) == 1
    assert len(heard()) == 2


def poison(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    really = take_turn

    def choke(**given: Any) -> None:
        if getattr(given["message"], "text", "") == text:
            raise ZeroDivisionError
        really(**given)

    monkeypatch.setattr(answering, "take_turn", choke)


@pytest.mark.django_db
def test_a_poisonous_message_fails_alone_and_the_next_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    poison("veneno", monkeypatch)
    receive(said(ANA, words("veneno"), words("menu")), said(BETO, words("menu")))
    assert InboundEvent.objects.filter(status="DONE").count() == 1  # Beto does not wait; Ana's next does
    at = NOW
    for delay in RETRY_SECONDS:
        at += timedelta(seconds=delay)
        assert inbox.drain(now=at - timedelta(seconds=1)) == 0
        inbox.drain(now=at)
    poisoned = InboundEvent.objects.get(status="FAILED")
    assert (poisoned.attempts, poisoned.error, poisoned.done_at) == (MAX_ATTEMPTS, "ZeroDivisionError", at)
    assert poisoned.contact == contact_of(ANA)  # staff find it in her chat
    assert len(heard(ANA)) == len(heard(BETO)) == 1
    assert inbox.drain(now=at + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_a_failed_turn_leaves_nothing_behind_and_is_answered_once_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The crash comes after the turn has written everything."""
    really, crashes = take_turn, [True]

    def crash(**given: Any) -> None:
        really(**given)
        if crashes.pop() if crashes else False:
            raise SystemError

    make_raffle(code="MOTO")
    say("rifas", "1")
    monkeypatch.setattr(answering, "take_turn", crash)
    receive(said(ANA, words("5,12")))
    assert not Order.objects.exists()
    assert state_of() == "NUMBERS"
    inbox.drain(now=NOW + timedelta(seconds=2))
    inbox.drain(now=NOW + timedelta(hours=1))
    assert Order.objects.count() == 1
    assert len(heard()) == 3


@pytest.mark.django_db
def test_the_sweep_finds_what_was_stored_and_never_nudged(monkeypatch: pytest.MonkeyPatch) -> None:
    from whatsapp.tasks import sweep_inbox

    store(split(said(ANA, words("menu"))), now=NOW)
    assert InboundEvent.objects.get().status == "NEW"
    sweep_inbox.call_local()
    assert len(heard()) == 1
    sweep_inbox.call_local()
    assert len(heard()) == 1


@pytest.mark.django_db
def test_a_blocked_contact_hears_nothing_and_changes_nothing() -> None:
    make_raffle(code="MOTO")
    make_contact(ANA, blocked_at=NOW)
    receive(said(ANA, words("rifas"), words("1"), words("5,12")))
    assert not Order.objects.exists()
    assert not OutboundMessage.objects.exists()
    assert set(InboundEvent.objects.values_list("status", flat=True)) == {"DONE"}


@pytest.mark.django_db
def test_every_event_tells_what_it_did_to_the_chat() -> None:
    make_raffle(code="MOTO")
    say("rifas", "1")
    told = InboundEvent.objects.order_by("pk").values_list("state_before", "state_after", "contact")
    assert list(told) == [
        ("MENU", "RAFFLES", contact_of().pk),
        ("RAFFLES", "NUMBERS", contact_of().pk),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["reaction", "revoke"])
def test_what_gets_no_answer_opens_no_window(kind: str) -> None:
    """Meta does not say that a reaction opens it; a message sent into a closed one would bounce."""
    before = NOW - timedelta(days=2)
    make_contact(ANA, last_inbound_at=before)
    receive(said(ANA, {"type": kind, kind: {"message_id": "wamid.X"}}))
    assert contact_of().last_inbound_at == before


@pytest.mark.django_db
def test_a_state_of_an_earlier_version_leads_to_the_menu() -> None:
    say("menu")
    contact_of().conversation.__class__.objects.update(state="LOTTERY", data={"weird": 1})
    say("hola")
    assert state_of() == "MENU"


@pytest.mark.django_db
def test_the_batch_of_one_post_is_answered_message_by_message() -> None:
    make_raffle(code="MOTO")
    beto = said(BETO, words("menu"))
    posted = body(
        value(message(ANA, words("rifas")), message(ANA, words("1"), at=NOW + timedelta(seconds=1))),
        beto["entry"][0]["changes"][0]["value"],
    )
    receive(posted)
    assert state_of() == "NUMBERS"
    assert Contact.objects.count() == 2


@pytest.mark.django_db
def test_players_whose_file_cannot_be_fetched_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than a round takes up: each has later messages that wait behind the file."""
    monkeypatch.setattr(draining, "SENDERS_A_ROUND", 3)
    monkeypatch.setattr(draining, "FULL_ROUND", 3)
    poison("veneno", monkeypatch)
    stuck = [Person(f"P{n}", f"59598100020{n}", f"PY.20{n}") for n in range(4)]
    receive(*[said(person, words("veneno"), words("menu")) for person in stuck])
    receive(said(BETO, words("menu")))
    assert len(heard(BETO)) == 1
    assert [len(heard(person)) for person in stuck] == [0] * 4


@pytest.mark.django_db
def test_nobody_is_left_behind_senders_whom_another_worker_takes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have read the same senders; behind those wait more than one round takes."""
    monkeypatch.setattr(draining, "DRAIN_SECONDS", 600)  # a busy machine takes its time
    people = [Person(f"P{number}", f"5959810{number:05}", f"PY.7{number}") for number in range(60)]
    for person in people:
        store(split(said(person, words("menu"))), now=NOW)
    ids, looks = InboundEvent.objects.order_by("pk").values_list("pk", flat=True), []

    def clock() -> datetime:
        looks.append(1)
        if len(looks) == 4:  # statuses, notices and senders are read, the first turn comes
            InboundEvent.objects.filter(pk__in=list(ids[:5])).update(status="DONE")
        return NOW

    assert Drain(clock=clock).run() == 55
    assert not InboundEvent.objects.filter(status="NEW").exists()
