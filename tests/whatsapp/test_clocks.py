"""A clock that ran ahead for a while and was put back: nothing waits for what it wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.sales.actions import reject_proof
from tests.factories import make_order, make_proof, make_staff
from tests.whatsapp.chat import heard, make_contact, queue
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, receive, said, words
from whatsapp import outbox, switch
from whatsapp.clocks import forget_far_instants
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.outbox.claims import claim, lease
from whatsapp.tasks import sweep_outbox

AHEAD = NOW + timedelta(days=1)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


def test_the_pace_of_one_person(ana: Contact, graph: Graph) -> None:
    queue(ana, "one")
    outbox.flush(now=AHEAD - timedelta(hours=2))
    row = queue(ana, "two")
    outbox.flush(now=NOW)
    assert len(graph.sent) == 1
    forget_far_instants(now=NOW)
    outbox.flush(now=NOW)
    row.refresh_from_db()
    assert row.status == "SENT"


def test_the_lease_of_a_worker_that_died(ana: Contact, graph: Graph) -> None:
    Contact.objects.update(last_inbound_at=AHEAD)
    row = queue(ana, "one")
    assert len(claim(AHEAD, 1).rows) == 1
    Contact.objects.update(last_inbound_at=NOW, paced_until=None)
    forget_far_instants(now=NOW)
    after = NOW + timedelta(seconds=1)
    outbox.release_expired_leases(now=after)
    outbox.flush(now=after)
    row.refresh_from_db()
    assert row.status == "SENT"


def test_the_next_try_of_a_message(ana: Contact, graph: Graph) -> None:
    Contact.objects.update(last_inbound_at=AHEAD)
    row = queue(ana, "one")
    graph.will_answer(Answer.refusal(131016, status=500))
    outbox.flush(now=AHEAD)
    Contact.objects.update(last_inbound_at=NOW)
    sweep_outbox.call_local()
    row.refresh_from_db()
    assert row.status == "SENT"


def test_the_rest_of_the_number(ana: Contact, graph: Graph) -> None:
    for _ in range(switch.FAILURES_THAT_OPEN):
        switch.note_no_answer(1, now=AHEAD)
    queue(ana, "one")
    forget_far_instants(now=NOW)
    outbox.flush(now=NOW)
    assert graph.sent_words == ["one"]


def test_the_next_try_of_what_was_received(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> str:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("whatsapp.inbox.turns.answer", crash)
        receive(said(ANA, words("menu")), now=AHEAD)
    receive(now=NOW)
    assert InboundEvent.objects.get().status == "NEW"
    forget_far_instants(now=NOW)
    receive(now=NOW)
    assert len(heard()) == 1


def test_waits_of_a_clock_that_is_right_stay(ana: Contact, graph: Graph) -> None:
    spam, silent, one_more = (queue(ana, word) for word in ("spam", "silent", "more"))
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    OutboundMessage.objects.filter(pk=silent.pk).update(next_try_at=NOW + timedelta(hours=2.6))
    Contact.objects.update(paced_until=NOW + timedelta(seconds=240))
    switch.hold(until=NOW + timedelta(hours=2), reason="spam")
    forget_far_instants(now=NOW)
    spam.refresh_from_db()
    silent.refresh_from_db()
    ana.refresh_from_db()
    assert (spam.lease_until, silent.next_try_at) == (NOW + lease(), NOW + timedelta(hours=2.6))
    assert ana.paced_until == NOW + timedelta(seconds=240)
    assert switch.number().held_until == NOW + timedelta(hours=2)
    assert one_more.status == "QUEUED"


def test_a_second_receipt_that_is_rejected_is_told_as_well(ana: Contact) -> None:
    order, staff = make_order(player=ana.player, status="PENDING_PAYMENT"), make_staff()
    for at in (NOW + timedelta(minutes=10), NOW):
        make_proof(order, now=at)
        reject_proof(order_id=order.pk, by=staff, reason=f"blurred {at:%M}", now=at)
    told = [text for text in heard() if "blurred" in text]
    assert len(told) == 2
    assert "blurred 00" in told[1]
