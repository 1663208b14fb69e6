"""One call that Meta does not answer keeps nobody waiting but whom it is for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

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
    [(0.03, 0.002, 0.03), (0.03, 0.02, 0.06), (0.03, 5.0, 0.21), (0.0, 0.02, 0.0)],
)
def test_a_busy_machine_lets_more_come_together(
    settings: Settings, pause: float, claim_took: float, rest: float
) -> None:
    settings.NUDGE_PAUSE_SECONDS = pause
    assert sending.rest_after(claim_took) == pytest.approx(rest)


def test_the_longest_rest_still_fills_metas_pace(settings: Settings) -> None:
    settings.NUDGE_PAUSE_SECONDS = product.NUDGE_PAUSE_SECONDS
    assert pace.ROUND_SHARE / sending.rest_after(60) > 1
