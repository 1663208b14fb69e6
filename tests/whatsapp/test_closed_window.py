"""Meta calls the 24-hour window closed, and the player has written meanwhile: they are answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import Answer, Asked, Graph
from tests.whatsapp.meta import ANA, NOW, receive, said, status, statuses, words
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage

DAY_AGO = NOW - timedelta(hours=23, minutes=45)
LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    """By our clock the window is open for five more minutes."""
    return make_contact(ANA, last_inbound_at=DAY_AGO)


def refused_at_last(row: OutboundMessage) -> None:
    wamid = OutboundMessage.objects.get(pk=row.pk).wamid
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    receive(statuses(status(str(wamid), "failed", callback=f"outbox:{row.pk}", errors=errors)), now=LATER)


def test_a_refusal_from_before_the_player_wrote_closes_nothing(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "news")
    outbox.flush(now=NOW)
    receive(said(ANA, words("menu"), at=LATER), now=LATER)
    refused_at_last(row)
    ana.refresh_from_db()
    assert ana.last_inbound_at == LATER
    outbox.flush(now=LATER)
    assert [each["type"] for each in graph.sent] == ["text", "text", "interactive"]
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}


def test_a_refusal_from_after_it_closes_the_window(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "news")
    outbox.flush(now=NOW)
    refused_at_last(row)
    ana.refresh_from_db()
    assert not ana.is_window_open(NOW)
    assert OutboundMessage.objects.get().status == "WAITING"


def test_who_writes_while_the_refusal_is_on_its_way_is_answered(ana: Contact, graph: Graph) -> None:
    really = graph.answer_to

    def write_first(asked: Asked) -> Answer:
        Contact.objects.filter(pk=ana.pk).update(last_inbound_at=NOW)
        connections.close_all()
        return really(asked)

    queue(ana, "news")
    graph.will_answer(Answer.refusal(131047))
    graph.answer_to = write_first  # type: ignore[method-assign]
    outbox.flush(now=NOW)
    outbox.flush(now=NOW)
    assert OutboundMessage.objects.get().status == "SENT"
    assert len(graph.sent) == 2
