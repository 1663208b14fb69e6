"""Senders that die between the claim and the answer: nothing is lost, and nothing is sent twice knowingly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Graph
from tests.whatsapp.meta import ANA, NOW, receive, status, statuses
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox.claims import claim, lease
from whatsapp.payloads import split
from whatsapp.webhook import store

LATER = NOW + lease() + timedelta(seconds=1)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


def fresh(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


def test_a_sender_that_dies_before_the_call_leaves_a_message_that_is_sent_once(
    ana: Contact, graph: Graph
) -> None:
    rows = [queue(ana, "one"), queue(ana, "two")]
    assert len(claim(NOW, 1).rows) == 1
    outbox.flush(now=NOW)
    assert graph.sent == []
    outbox.release_expired_leases(now=LATER)
    outbox.flush(now=LATER)
    assert graph.sent_words == ["one", "two"]
    assert [fresh(row).status for row in rows] == ["SENT", "SENT"]


def test_an_answer_that_is_lost_is_made_up_for_by_the_status(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    receive(statuses(status("wamid.LOST", "delivered", callback=f"outbox:{row.pk}")))
    assert outbox.release_expired_leases(now=LATER) == 0
    outbox.flush(now=LATER)
    assert (graph.sent_words, fresh(row).status) == (["one"], "DELIVERED")


def test_while_a_status_is_unread_nothing_is_sent_again(ana: Contact, graph: Graph) -> None:
    """The one that names the message may be among them."""
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    store(split(statuses(status("wamid.LOST", "sent", callback=f"outbox:{row.pk}"))), now=NOW)
    assert outbox.release_expired_leases(now=LATER) == 0
    assert fresh(row).status == "SENDING"
    receive(now=LATER)
    assert outbox.release_expired_leases(now=LATER) == 0
    outbox.flush(now=LATER)
    assert (graph.sent_words, fresh(row).status) == (["one"], "SENT")


def test_a_status_that_names_nobody_does_not_keep_a_message_back(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    receive(statuses(status("wamid.FOREIGN", "sent")))
    assert outbox.release_expired_leases(now=LATER) == 1
    outbox.flush(now=LATER)
    assert fresh(row).status == "SENT"
