"""Several workers over one outbox: each message leaves once, each contact's in order."""

from __future__ import annotations

import contextlib
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, said, words
from tests.whatsapp.racing import race
from whatsapp import outbox, switch
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox import claims, sending

BETO = Person("Beto", "595981000002", "PY.2")


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


@pytest.fixture
def beto(transactional_db: None) -> Contact:
    return make_contact(BETO)


def test_who_saw_a_message_that_another_has_claimed_meanwhile_goes_without(
    ana: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either claimed: the second has an outdated list."""
    row = queue(ana, "one")
    looked = threading.Barrier(2)
    really = switch.room_for

    def together(*given: Any) -> int:
        """Behind the lock there is one at a time, so the second never comes here before the first is done."""
        with contextlib.suppress(threading.BrokenBarrierError):
            looked.wait(timeout=0.5)
        return really(*given)

    monkeypatch.setattr(switch, "room_for", together)
    claimed = race(*[lambda: claims.claim(NOW, 10).rows] * 2)
    assert sorted(len(rows) for rows in claimed if isinstance(rows, list)) == [0, 1]
    row.refresh_from_db()
    assert row.attempts == 1


def two_flushes(graph: Graph) -> list[str]:
    race(*[lambda: outbox.flush(now=NOW)] * 2)
    return sorted(graph.sent_words)


def test_two_workers_send_each_message_once(ana: Contact, beto: Contact, graph: Graph) -> None:
    texts = [str(number) for number in range(6)]
    for text in texts:
        queue(ana, f"a{text}")
        queue(beto, f"b{text}")
    assert two_flushes(graph) == sorted(f"{who}{text}" for who in "ab" for text in texts)
    mine = [text for text in graph.sent_words if text.startswith("a")]
    assert mine == sorted(mine)


@pytest.mark.postgres
def test_many_workers_send_each_message_once(graph: Graph, transactional_db: None) -> None:
    people = [make_contact(Person(f"P{n}", f"5959820000{n}", f"PY.2{n}")) for n in range(6)]
    expected = [
        queue(person, f"{person.pk}-{n}").content["text"]["body"] for n in range(5) for person in people
    ]
    race(*[lambda: outbox.flush(now=NOW)] * 6)
    outbox.flush(now=NOW)
    assert sorted(graph.sent_words) == sorted(expected)
    for person in people:
        mine = [text for text in graph.sent_words if text.startswith(f"{person.pk}-")]
        assert mine == sorted(mine)


def test_without_the_claim_two_workers_would_send_twice(
    ana: Contact, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who looks without claiming sends what another one is sending."""
    queue(ana, "one")
    monkeypatch.setattr(claims, "_mark", lambda *_: None)
    monkeypatch.setattr(sending, "settle", lambda *_, **__: None)
    race(*[lambda: outbox.flush(now=NOW, limit=1)] * 2)
    assert graph.sent_words == ["one", "one"]


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.postgres
def test_a_message_is_not_left_waiting_by_the_turn_that_opens_the_window(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, transactional_db: None, is_guarded: bool
) -> None:
    """The claim has read the contact, then the player writes, then the claim decides."""
    ana = make_contact(ANA, last_inbound_at=NOW - timedelta(hours=30))
    row = queue(ana, "notice")
    has_read, has_written = threading.Event(), threading.Event()
    really = claims._may_leave

    def slowly(row: OutboundMessage, at: datetime) -> bool:
        has_read.set()
        assert has_written.wait(timeout=10)
        return really(row, at)

    def writes() -> None:
        assert has_read.wait(timeout=10)
        receive(said(ANA, words("menu"), at=NOW))
        has_written.set()

    monkeypatch.setattr(claims, "_may_leave", slowly)
    if not is_guarded:
        monkeypatch.setattr(claims, "_has_opened", lambda *_: False)
    race(lambda: outbox.flush(now=NOW), writes)
    row.refresh_from_db()
    assert row.status == ("SENT" if is_guarded else "WAITING")
