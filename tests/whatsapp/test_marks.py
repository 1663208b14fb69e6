"""Our own mark on a message names that message, and none that has its number after a restored backup."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Graph
from tests.whatsapp.meta import ANA, NOW, receive, status, statuses
from whatsapp import outbox
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.outbox.claims import lease


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


def fresh(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


@pytest.mark.parametrize("name", ["sent", "read", "failed"])
def test_a_status_of_before_a_restored_backup_says_nothing_of_who_has_the_number_now(
    ana: Contact, graph: Graph, name: str
) -> None:
    """What was sent after the backup is unknown; its numbers are given again."""
    lost = queue(ana, "paid: 7, 12")
    outbox.flush(now=NOW)
    mark = graph.sent[0]["biz_opaque_callback_data"]
    number = lost.pk
    OutboundMessage.objects.all().delete()

    again = queue(ana, "paid: 3")
    OutboundMessage.objects.filter(pk=again.pk).update(id=number, created_at=NOW + timedelta(hours=1))
    receive(statuses(status("wamid.OLD", name, callback=mark, errors=[{"code": 131026}])))
    assert OutboundMessage.objects.get(pk=number).status == "QUEUED"
    outbox.flush(now=NOW)
    assert graph.sent_words == ["paid: 7, 12", "paid: 3"]
    assert InboundEvent.objects.get().status == "NEW"  # parked


def test_the_mark_that_comes_back_names_its_message(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    mark = graph.sent[0]["biz_opaque_callback_data"]
    receive(statuses(status("wamid.LOST", "delivered", callback=mark)))
    assert fresh(row).status == "DELIVERED"
    later = NOW + lease() + timedelta(seconds=1)
    outbox.release_expired_leases(now=later)
    outbox.flush(now=later)
    assert graph.sent_words == ["one"]


def test_a_mark_of_the_version_before_still_names_its_message(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    outbox.flush(now=NOW)
    receive(statuses(status("wamid.X", "read", callback=f"outbox:{row.pk}")))
    assert fresh(row).status == "READ"
