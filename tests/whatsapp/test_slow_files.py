"""A file that comes slowly, or never, keeps nobody waiting but its sender."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from raffles.numbers.models import Raffle
from raffles.sales.models import PaymentProof
from tests.factories import make_order, png_bytes
from tests.whatsapp.chat import contact_of, heard, say
from tests.whatsapp.graph import Answer, Asked, Graph
from tests.whatsapp.meta import ANA, NOW, Json, Person, picture_of, said, words
from whatsapp import cloud_api, inbox
from whatsapp.cloud_api import CloudApiError
from whatsapp.inbox import fetching, nudges, trouble
from whatsapp.inbox.trouble import RETRY_SECONDS
from whatsapp.inbox.turns import PUT_OFF, fetch_lease
from whatsapp.models import InboundEvent
from whatsapp.payloads import split
from whatsapp.webhook import clean, store

BETO = Person("Beto", "595981000002", "PY.2")
PICTURE = png_bytes()
# So that a product that waits for the file comes to an end too, and is seen to have waited.
PATIENCE = 5.0


class SlowGraph(Graph):
    """Files come when they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def answer_to(self, asked: Asked) -> Answer:
        if asked.path.startswith("/file/"):
            self.let_go.wait(PATIENCE)
        return super().answer_to(asked)


@pytest.fixture
def graph(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowGraph]:
    found = SlowGraph()
    settings.WHATSAPP_GRAPH_URL = found.url
    monkeypatch.setattr(nudges, "_fetches", fetching.Fetches(lambda: None))
    yield found
    found.let_go.set()
    wait(nudges._fetches.running)
    found.close()


@pytest.fixture
def _ana_owes(moto: Raffle) -> None:
    say("menu")
    make_order(raffle=moto, player=contact_of().player, status="PENDING_PAYMENT")


def came(*posted: Json) -> None:
    for each in posted:
        store(split(clean(each)), now=NOW)


def work() -> None:
    """As the worker does it: one round of the task."""
    nudges.drain_inbox.call_local()


def let_go(graph: SlowGraph) -> None:
    graph.let_go.set()
    wait(nudges._fetches.running)


@pytest.mark.usefixtures("_ana_owes")
def test_others_are_answered_while_a_file_is_on_its_way(graph: SlowGraph) -> None:
    graph.has_media("77", PICTURE)
    came(said(ANA, picture_of(PICTURE)), said(BETO, words("menu")))
    work()
    assert len(heard(BETO)) == 1
    assert not PaymentProof.objects.exists()
    let_go(graph)
    work()
    assert PaymentProof.objects.count() == 1
    assert len(heard()) == 2


@pytest.mark.usefixtures("_ana_owes")
def test_what_its_sender_writes_meanwhile_comes_after_it(graph: SlowGraph) -> None:
    graph.has_media("77", PICTURE)
    came(said(ANA, picture_of(PICTURE)))
    work()
    came(said(ANA, words("menu")))
    work()
    assert [event.status for event in InboundEvent.objects.order_by("pk")] == ["DONE", "NEW", "NEW"]
    let_go(graph)
    work()
    assert "revis" in heard()[1]
    assert len(heard()) == 3


@pytest.mark.usefixtures("_ana_owes")
def test_a_file_that_does_not_come_is_tried_again(graph: SlowGraph, clock: Traveller) -> None:
    graph.has_media("77", PICTURE)
    graph.gets["/v25.0/77"].appendleft(Answer(500, b"<html>"))
    came(said(ANA, picture_of(PICTURE)))
    work()
    let_go(graph)
    work()
    event = InboundEvent.objects.latest("pk")
    assert (event.status, event.attempts, event.error) == ("NEW", 1, "CloudApiError")
    clock.shift(timedelta(seconds=RETRY_SECONDS[0]))
    work()
    let_go(graph)
    work()
    assert PaymentProof.objects.count() == 1


@pytest.mark.usefixtures("_ana_owes")
def test_a_file_whose_worker_ended_is_taken_up_by_the_next(graph: SlowGraph) -> None:
    graph.has_media("77", PICTURE)
    came(said(ANA, picture_of(PICTURE)))
    work()
    graph.let_go.set()
    assert inbox.drain(now=NOW) == 0
    assert inbox.drain(now=NOW + fetch_lease()) == 1
    let_go(graph)
    work()
    assert PaymentProof.objects.count() == 1
    assert len(heard()) == 2


@pytest.mark.usefixtures("_ana_owes")
def test_when_as_many_come_as_can_be_fetched_the_next_come_again(
    graph: SlowGraph, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "FETCHERS", 1)
    graph.has_media("77", PICTURE)
    came(said(ANA, picture_of(PICTURE)), said(BETO, picture_of(PICTURE)), said(BETO, words("menu")))
    work()
    pictures = InboundEvent.objects.filter(payload__message__type="image", retry_at__isnull=False)
    claimed = pictures.order_by("retry_at").values_list("retry_at", flat=True)
    assert list(claimed) == [NOW + PUT_OFF, NOW + fetch_lease()]
    let_go(graph)
    clock.shift(PUT_OFF)
    work()
    let_go(graph)
    work()
    assert len(heard(BETO)) == 2
    assert PaymentProof.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_a_fetcher_after_a_restart_is_not_a_try(
    graph: SlowGraph, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "FETCHERS", 1)
    graph.has_media("77", PICTURE)
    for number in range(3):
        came(said(Person(f"P{number}", f"59598100010{number}", f"PY.1{number}"), picture_of(PICTURE)))
    clock.shift(timedelta(minutes=1))
    monkeypatch.setattr(trouble, "_started", timezone.now())
    for _ in range(2 * trouble.MAX_ATTEMPTS):
        work()
        clock.shift(PUT_OFF + timedelta(milliseconds=10))
    assert sorted(InboundEvent.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    for _ in range(6):
        let_go(graph)
        work()
        clock.shift(PUT_OFF + timedelta(milliseconds=10))
    assert set(InboundEvent.objects.values_list("status", flat=True)) == {"DONE"}


class DrippingGraph(Graph):
    """A byte now and then: no wait for the next one is long."""

    def answer_to(self, asked: Asked) -> Answer:
        found = super().answer_to(asked)
        return dataclasses.replace(found, drips=asked.path.startswith("/file/"))


def test_a_file_that_comes_in_drips_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = DrippingGraph()
    settings.WHATSAPP_GRAPH_URL = graph.url
    graph.has_media("77", PICTURE)
    link = f"{graph.url}/file/77"
    assert cloud_api.download(link, limit=len(PICTURE)) == PICTURE
    monkeypatch.setattr(cloud_api, "FILE_SECONDS", 0)
    with pytest.raises(CloudApiError) as told:
        cloud_api.download(link, limit=len(PICTURE))
    assert (told.value.text, told.value.is_permanent) == ("too slow", False)
    graph.close()
