"""Senders that die between the claim and the answer: nothing is lost, and nothing is sent twice knowingly."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, status, statuses
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox.claims import STATUS_SECONDS, claim, lease
from whatsapp.outbox.leases import LONGEST_LATENESS
from whatsapp.payloads import split
from whatsapp.webhook import store

BETO = Person("Beto", "595981000002", "PY.2")
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


def late_status(name: str, *, callback: str, told: datetime, came: datetime) -> None:
    receive(statuses(status(f"wamid.{name}", "sent", callback=callback, at=told)), now=came)


def lost(ana: Contact, graph: Graph) -> OutboundMessage:
    """Meta has taken it, and the answer got lost."""
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    return row


def test_where_statuses_come_late_a_message_waits_for_its_own(ana: Contact, graph: Graph) -> None:
    row, other = lost(ana, graph), queue(make_contact(BETO), "other")
    outbox.flush(now=NOW)
    late_status("OTHER", callback=f"outbox:{other.pk}", told=NOW - timedelta(seconds=60), came=NOW)
    assert outbox.release_expired_leases(now=LATER) == 0
    own = LATER + timedelta(seconds=20)
    late_status("LOST", callback=f"outbox:{row.pk}", told=NOW, came=own)
    assert outbox.release_expired_leases(now=LATER + LONGEST_LATENESS) == 0
    outbox.flush(now=LATER + LONGEST_LATENESS)
    assert (graph.sent_words, fresh(row).status) == (["one", "other"], "SENT")


def test_it_waits_as_much_longer_as_statuses_are_late(ana: Contact, graph: Graph) -> None:
    lost(ana, graph)
    late = timedelta(seconds=STATUS_SECONDS + 35)
    late_status("FOREIGN", callback="", told=NOW - late, came=NOW)
    assert outbox.release_expired_leases(now=LATER + timedelta(seconds=34)) == 0
    assert outbox.release_expired_leases(now=LATER + timedelta(seconds=35)) == 1


def test_it_does_not_wait_for_ever(ana: Contact, graph: Graph) -> None:
    """After an outage Meta brings the statuses of hours."""
    lost(ana, graph)
    for minute in range(5):
        came = NOW + timedelta(minutes=minute)
        late_status(f"OLD{minute}", callback="", told=came - timedelta(hours=5), came=came)
    assert outbox.release_expired_leases(now=NOW + lease() + LONGEST_LATENESS) == 0
    assert outbox.release_expired_leases(now=LATER + LONGEST_LATENESS) == 1


def test_statuses_that_were_late_long_ago_do_not_count(ana: Contact, graph: Graph) -> None:
    lost(ana, graph)
    came = LATER - LONGEST_LATENESS
    late_status("OLD", callback="", told=came - timedelta(hours=5), came=came)
    assert outbox.release_expired_leases(now=LATER) == 1
