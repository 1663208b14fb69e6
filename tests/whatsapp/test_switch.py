"""The breaker: silence of Meta's holds the number, longer each time; one message looks whether it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import NOW, Person
from whatsapp import outbox, switch
from whatsapp.cloud_api import CloudApiError, OutcomeUnknown
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox.claims import claim, lease
from whatsapp.outbox.settling import settle
from whatsapp.switch import FAILURES_THAT_OPEN, LONGEST_HOLD, SHORTEST_HOLD

REFUSED = Answer.refusal(131026)


@pytest.fixture
def six(transactional_db: None) -> list[Contact]:
    people = [make_contact(Person(f"P{n}", f"59598500{n:04d}", f"PY.7{n}")) for n in range(6)]
    for person in people:
        queue(person, str(person.pk))
    return people


def silent_rounds(graph: Graph, count: int, at: datetime) -> datetime:
    """So many flushes, each with one call that is not answered."""
    for _ in range(count):
        graph.will_answer(HANG_UP)
        outbox.flush(now=at, limit=1)
        at += timedelta(seconds=1)
    return at


def held_for(at: datetime) -> timedelta:
    until = switch.number().held_until
    return timedelta(0) if until is None else until - at


def test_five_silent_rounds_hold_the_number_and_then_nothing_is_called(
    six: list[Contact], graph: Graph
) -> None:
    at = silent_rounds(graph, FAILURES_THAT_OPEN - 1, NOW)
    assert held_for(at) == timedelta(0)
    silent_rounds(graph, 1, at)
    assert held_for(at) == SHORTEST_HOLD
    assert switch.number().hold_reason
    outbox.flush(now=at + SHORTEST_HOLD - timedelta(seconds=1))
    assert len(graph.sent) == FAILURES_THAT_OPEN


def test_each_hold_is_longer_than_the_one_before_up_to_a_bound(transactional_db: None) -> None:
    holds, at = [], NOW
    for _ in range(FAILURES_THAT_OPEN + 9):
        switch.note_no_answer(1, now=at)
        holds.append(held_for(at))
        at += max(held_for(at), timedelta(seconds=1))
    opened = holds[FAILURES_THAT_OPEN - 1 :]
    assert opened[:5] == [SHORTEST_HOLD * factor for factor in (1, 2, 4, 8, 16)]
    assert opened[-1] == LONGEST_HOLD
    assert opened == sorted(opened)


@pytest.mark.parametrize("answer", [None, REFUSED], ids=["accepted", "refused"])
def test_after_the_hold_one_message_looks_and_any_answer_closes_the_breaker(
    six: list[Contact], graph: Graph, answer: Answer | None
) -> None:
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    after = NOW + timedelta(seconds=FAILURES_THAT_OPEN) + SHORTEST_HOLD
    outbox.release_expired_leases(now=after + lease())
    graph.will_answer(*([answer] if answer else []))
    outbox.flush(now=after + lease(), limit=1)
    assert len(graph.sent) == FAILURES_THAT_OPEN + 1
    assert switch.number().failures_in_row == 0
    outbox.flush(now=after + lease())
    told = OutboundMessage.objects.values_list("status", flat=True)
    assert sorted(told) == ["FAILED", *["SENT"] * 5] if answer else ["SENT"] * 6


def test_while_meta_stays_silent_only_one_goes_ahead_each_time(six: list[Contact], graph: Graph) -> None:
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    at = NOW + timedelta(minutes=10)
    outbox.release_expired_leases(now=at)
    graph.will_answer(*[HANG_UP] * 6)
    outbox.flush(now=at)
    assert len(graph.sent) == FAILURES_THAT_OPEN + 1
    assert held_for(at) == 2 * SHORTEST_HOLD


def test_an_outage_loses_nothing_and_afterwards_each_message_leaves_once(
    six: list[Contact], graph: Graph
) -> None:
    """Nobody answers the door: surely not sent, so each is sent exactly once afterwards."""
    down = Answer(404)
    at = NOW
    for _ in range(20):
        graph.sends.clear()
        graph.will_answer(*[down] * 50)
        outbox.flush(now=at)
        at += timedelta(seconds=20)
    graph.sends.clear()
    tried = len(graph.sent)
    for _ in range(10):
        at += timedelta(minutes=15)
        outbox.flush(now=at)
    assert sorted(graph.sent_words[tried:]) == sorted(str(person.pk) for person in six)
    assert switch.number().failures_in_row == 0


def test_calls_that_fail_together_count_once(six: list[Contact], graph: Graph) -> None:
    """Parallel senders would open the breaker at the first hiccup."""
    graph.will_answer(*[Answer(404)] * 6)
    outbox.flush(now=NOW)
    assert 1 <= switch.number().failures_in_row <= FAILURES_THAT_OPEN


def test_a_short_hold_does_not_shorten_a_long_one(transactional_db: None) -> None:
    switch.hold(until=NOW + timedelta(hours=2), reason="long")
    switch.hold(until=NOW + timedelta(seconds=2), reason="short")
    assert (held_for(NOW), switch.number().hold_reason) == (timedelta(hours=2), "long")


def test_while_one_message_looks_no_other_follows(six: list[Contact], graph: Graph) -> None:
    """Whether Meta is silent is not known before the call has run out of time."""
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    after = NOW + timedelta(minutes=5)
    outbox.release_expired_leases(now=after)
    looking = claim(after, 40)
    assert len(looking.rows) == 1
    assert claim(after, 40).rows == []
    assert claim(after + timedelta(seconds=30), 40).rows == []
    settle([(looking.rows[0], "wamid.BACK")], at=after, failures_in_row=looking.failures_in_row)
    assert len(claim(after, 40).rows) == 5


def test_who_looked_and_died_is_followed_by_another(six: list[Contact], graph: Graph) -> None:
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    after = NOW + timedelta(minutes=5)
    outbox.release_expired_leases(now=after)
    assert len(claim(after, 40).rows) == 1
    assert len(claim(after + lease(), 40).rows) == 1


def test_a_look_that_fails_holds_no_longer_than_the_failures_say(six: list[Contact], graph: Graph) -> None:
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    after = NOW + timedelta(minutes=5)
    outbox.release_expired_leases(now=after)
    looking = claim(after, 40)
    silence = OutcomeUnknown("ReadTimeout")
    settle([(looking.rows[0], silence)], at=after, failures_in_row=looking.failures_in_row)
    assert held_for(after) == 2 * SHORTEST_HOLD


def test_a_rest_that_meta_asked_for_is_not_ended_by_an_answer(six: list[Contact], graph: Graph) -> None:
    silent_rounds(graph, FAILURES_THAT_OPEN, NOW)
    after = NOW + timedelta(minutes=5)
    outbox.release_expired_leases(now=after)
    looking = claim(after, 40)
    rest = CloudApiError(131048, "spam")
    settle([(looking.rows[0], rest)], at=after, failures_in_row=looking.failures_in_row)
    assert switch.number().failures_in_row == 0
    assert held_for(after) == timedelta(hours=2)
