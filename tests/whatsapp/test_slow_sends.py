"""One call that Meta does not answer keeps nobody waiting but whom it is for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

import pytest
from django.db import connections
from pytest_django import Settings

from config import settings as product
from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import Answer, Asked, Graph, words_of
from tests.whatsapp.meta import ANA, NOW, Json, Person, receive, said, words
from whatsapp import alone
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox import pace, sending
from whatsapp.outbox.claims import Claim, claim
from whatsapp.outbox.sending import Flush

BETO = Person("Beto", "595981000002", "PY.2")
# So that a product that waits for the call comes to an end too, and is seen to have waited.
PATIENCE = 5.0


class SlowGraph(Graph):
    """While the first message is on its way the round comes to its end, and a second one is written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.second_came = threading.Event()
        self.was_in_time = False
        self.is_slow: Callable[[Json], bool] = lambda body: "status" not in body and words_of(body) == "one"
        self.end_round: Callable[[], None] = lambda: monkeypatch.setattr(sending, "FLUSH_SECONDS", -1)

    def answer_to(self, asked: Asked) -> Answer:
        if self.is_slow(asked.body):
            self.end_round()
            queue(Contact.objects.get(bsuid=BETO.bsuid), "two")
            connections.close_all()
            self.was_in_time = self.second_came.wait(PATIENCE)
        elif "status" not in asked.body and words_of(asked.body) == "two":
            self.second_came.set()
        return super().answer_to(asked)


@pytest.fixture
def graph(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowGraph]:
    found = SlowGraph(monkeypatch)
    settings.WHATSAPP_GRAPH_URL = found.url
    queue(make_contact(ANA), "one")
    make_contact(BETO)
    yield found
    found.close()


def test_others_are_written_to_meanwhile(graph: SlowGraph) -> None:
    assert Flush(clock=lambda: NOW).run() == 2
    assert graph.was_in_time
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}


def test_nobody_waits_for_blue_ticks(graph: SlowGraph) -> None:
    receive(said(ANA, words("menu")))
    graph.is_slow = lambda body: body.get("status") == "read"
    Flush(clock=lambda: NOW).run()
    assert graph.was_in_time
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}


def test_a_worker_that_is_to_end_begins_nothing_new(
    graph: SlowGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = threading.Event()
    monkeypatch.setattr(alone, "ending", ending)
    graph.end_round = ending.set
    monkeypatch.setattr("tests.whatsapp.test_slow_sends.PATIENCE", 0.0)
    assert Flush(clock=lambda: NOW).run() == 1
    statuses = OutboundMessage.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["SENT", "QUEUED"]


@pytest.mark.parametrize(
    ("pause", "claim_took", "rest"),
    [(0.03, 0.002, 0.03), (0.03, 0.02, 0.06), (0.03, 0.1, 0.15), (0.03, 5.0, 0.03), (0.0, 0.02, 0.0)],
)
def test_the_longer_a_claim_took_the_longer_the_rest(
    settings: Settings, pause: float, claim_took: float, rest: float
) -> None:
    settings.NUDGE_PAUSE_SECONDS = pause
    assert sending.rest_after(claim_took) == pytest.approx(rest)


@pytest.mark.parametrize("claim_took", [0.005, 0.03, 0.05, 0.14, 0.2, 0.26])
def test_the_rounds_fill_metas_pace(settings: Settings, claim_took: float) -> None:
    """What one round may take of a second is more than the second's part that goes by until the next one."""
    settings.NUDGE_PAUSE_SECONDS = product.NUDGE_PAUSE_SECONDS
    assert claim_took + sending.rest_after(claim_took) < pace.ROUND_SHARE


class SlowClaims:
    """Time in which only claims take any."""

    def __init__(self, took: float) -> None:
        self.now, self.took, self.rests = 0.0, took, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.rests.append(seconds)

    def claim(self, at: datetime, room: int, *, first: Collection[int]) -> Claim:
        self.now += self.took
        return claim(at, room, first=first)


def test_a_flush_rests_as_long_as_its_claims_ask_for(
    graph: SlowGraph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NUDGE_PAUSE_SECONDS = 0.03
    graph.is_slow = lambda body: False
    slow = SlowClaims(took=0.04)
    monkeypatch.setattr(sending, "time", slow)
    monkeypatch.setattr(sending, "claim", slow.claim)
    assert Flush(clock=lambda: NOW).run() == 1
    assert {round(rest, 3) for rest in slow.rests} == {0.12}
