"""What leaves stays within Meta's limits, judged by the simulator's own counting of them."""

from __future__ import annotations

import contextlib
import itertools
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.whatsapp.chat import make_contact, queue, say
from tests.whatsapp.clocks import TickingClock, send_all
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import NOW, Person
from tests.whatsapp.racing import race
from whatsapp import switch
from whatsapp.models import BusinessNumber, Contact, OutboundMessage
from whatsapp.outbox import claims, pace, sending
from whatsapp.simulator.pacing import _Pace

TICK = timedelta(milliseconds=10)
Left = list[tuple[datetime, OutboundMessage]]


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Left:
    """What was claimed, with the instant; the claiming itself is the product's."""
    seen: Left = []
    really = claims.claim

    def claim(at: datetime, room: int, **first: Any) -> claims.Claim:
        found = really(at, room, **first)
        seen.extend((at, row) for row in found.rows)
        return found

    monkeypatch.setattr(sending, "claim", claim)
    return seen


@pytest.fixture(autouse=True)
def _eighty(settings: Settings, transactional_db: None) -> None:
    settings.WHATSAPP_MESSAGES_PER_SECOND = 80


def people(count: int) -> list[Contact]:
    return [make_contact(Person(f"P{n}", f"59598300{n:04d}", f"PY.5{n}")) for n in range(count)]


def refusals(left: Left) -> list[int]:
    """What Meta would have refused of this."""
    judge, found = _Pace(), []
    for at, row in left:
        if row.answers_id:
            judge.heard(1, at.timestamp())
        found.append(judge.refusal(1, str(row.contact_id), at.timestamp()))
    return [code for code in found if code]


def test_many_messages_to_few_and_to_many_never_reach_a_limit(graph: Graph, left: Left) -> None:
    few, many = people(105)[:5], Contact.objects.order_by("pk")[5:]
    for person in [*few * 44, *many]:
        queue(person, "x")
    send_all(TickingClock(tick=TICK), until=NOW + timedelta(minutes=5))
    assert (len(left), refusals(left)) == (320, [])
    assert OutboundMessage.objects.filter(status="SENT").count() == 320


def test_one_person_gets_forty_at_once_and_then_one_in_six_seconds(graph: Graph, left: Left) -> None:
    [ana] = people(1)
    for number in range(50):
        queue(ana, str(number))
    send_all(TickingClock(tick=TICK), until=NOW + timedelta(minutes=3))
    after = [(at - NOW).total_seconds() for at, _ in left]
    assert after[39] < 10
    gaps = [later - earlier for earlier, later in itertools.pairwise(after[41:])]
    assert all(5.9 < gap < 7 for gap in gaps)
    assert graph.sent_words == [str(number) for number in range(50)]


def test_an_answer_costs_two_for_the_message_it_answers_counts_too(graph: Graph) -> None:
    say("menu")
    answer = OutboundMessage.objects.get()
    assert (pace.cost(answer), pace.cost(queue(answer.contact, "x"))) == (2, 1)
    pace.spend(switch.number(), 70, NOW)
    assert pace.allowance(switch.number(), NOW) == 10
    claims.claim(NOW, 1)
    assert pace.allowance(switch.number(), NOW) == 8


def test_a_late_round_takes_what_nobody_took_and_a_rush_is_spread(graph: Graph) -> None:
    number = switch.number()
    assert [take_all(number, NOW + n * TICK) for n in range(5)] == [24, 24, 24, 8, 0]
    assert take_all(number, NOW + timedelta(milliseconds=1049)) == 0
    assert take_all(number, NOW + timedelta(milliseconds=1100)) == 24
    assert [take_all(number, NOW + timedelta(seconds=2.5 + 0.4 * n)) for n in range(6)] == [24] * 6


def take_all(number: BusinessNumber, at: datetime) -> int:
    units = pace.allowance(number, at)
    pace.spend(number, units, at)
    return units


def test_the_wait_ends_when_the_dearest_message_may_leave(graph: Graph) -> None:
    number = switch.number()
    pace.spend(number, 1, NOW)
    pace.spend(number, 79, NOW + timedelta(milliseconds=60))
    wait = pace.wait_for_one(number, NOW + timedelta(milliseconds=100))
    assert pace.allowance(number, NOW + timedelta(milliseconds=99) + wait) == 1
    assert pace.allowance(number, NOW + timedelta(milliseconds=100) + wait) >= pace.DEAREST
    assert pace.wait_for_one(number, NOW + timedelta(minutes=1)) == timedelta(0)


def test_a_clock_that_is_put_back_does_not_stop_the_sending(graph: Graph) -> None:
    number = switch.number()
    pace.spend(number, 80, NOW + timedelta(hours=2))
    assert take_all(number, NOW) == 24
    assert len(number.left_lately) == 1


def test_with_three_quarters_of_a_second_counted_the_limit_would_be_passed(
    graph: Graph, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: that the judge sees it."""
    monkeypatch.setattr(pace, "STEPS", 15)
    for person in people(110):
        queue(person, "x")
    send_all(TickingClock(tick=TICK), until=NOW + timedelta(minutes=1))
    assert set(refusals(left)) == {130429}


@pytest.mark.parametrize("rate", [2, 5, 7, 8, 80, 1000])
def test_at_every_rate_that_can_be_set_messages_leave(
    graph: Graph, left: Left, settings: Settings, rate: int
) -> None:
    settings.WHATSAPP_MESSAGES_PER_SECOND = rate
    for person in people(3):
        queue(person, "x")
    send_all(TickingClock(tick=timedelta(milliseconds=250)), until=NOW + timedelta(seconds=20))
    assert len(left) == 3


def test_a_second_of_replies_is_within_the_limit(graph: Graph, left: Left) -> None:
    for n in range(30):
        say("menu", person=Person(f"P{n}", f"59598400{n:04d}", f"PY.6{n}"))
    send_all(TickingClock(tick=TICK), until=NOW + timedelta(minutes=1))
    assert (len(left), refusals(left)) == (30, [])


def claimed_by_two(monkeypatch: pytest.MonkeyPatch) -> int:
    """Seven may leave. Both have looked at the number before either claims, unless its lock keeps one out."""
    for person in people(40):
        queue(person, "x")
    pace.spend(switch.number(), 73, NOW)
    looked, is_claimed, really = threading.Barrier(2), threading.Event(), switch.room_for

    def one_after_the_other(*given: Any) -> int:
        turn = 0
        with contextlib.suppress(threading.BrokenBarrierError):
            turn = looked.wait(timeout=1)
        if turn:
            is_claimed.wait(timeout=30)
        return really(*given)

    def claim() -> list[OutboundMessage]:
        found = claims.claim(NOW, 40).rows
        is_claimed.set()
        return found

    monkeypatch.setattr(switch, "room_for", one_after_the_other)
    found = race(*[claim] * 2)
    assert all(isinstance(rows, list) for rows in found), found
    return sum(len(rows) for rows in found if isinstance(rows, list))


@pytest.mark.postgres
def test_two_workers_share_one_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    assert claimed_by_two(monkeypatch) == 7


@pytest.mark.postgres
def test_without_the_lock_of_the_number_two_workers_pass_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_locked_number", BusinessNumber.objects.get)
    assert claimed_by_two(monkeypatch) == 14
