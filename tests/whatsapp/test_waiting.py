"""What waits for the player to write, and no longer than it makes sense."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox.claims import OUT_OF_DATE
from whatsapp.tasks import sweep_outbox

CLOSED = NOW + timedelta(hours=24)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


def statuses() -> list[str]:
    return list(OutboundMessage.objects.order_by("pk").values_list("status", flat=True))


def test_what_is_out_of_date_is_not_shown_as_waiting_any_more(ana: Contact, graph: Graph) -> None:
    passing = queue(ana, "one", not_after=CLOSED + timedelta(hours=1))
    queue(ana, "two")
    outbox.flush(now=CLOSED)
    outbox.drop_outdated(now=CLOSED + timedelta(minutes=59))
    assert statuses() == ["WAITING", "WAITING"]
    with time_machine.travel(CLOSED + timedelta(hours=2), tick=False):
        sweep_outbox.call_local()
    assert statuses() == ["DROPPED", "WAITING"]
    passing.refresh_from_db()
    assert passing.error == OUT_OF_DATE
    assert graph.sent == []
