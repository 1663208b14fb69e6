"""What Meta tells of a try that it refused, when the next try is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Json, receive, status, statuses
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox.claims import claim, lease
from whatsapp.outbox.settling import settle

PASSING: Json = {"errors": [{"code": 131000, "title": "Something went wrong"}]}
FOR_GOOD: Json = {"errors": [{"code": 131026, "title": "Message undeliverable"}]}
SOON = NOW + timedelta(seconds=10)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


def fresh(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


def told(row: OutboundMessage, wamid: str | None, name: str, more: Json | None = None) -> None:
    receive(statuses(status(str(wamid), name, callback=f"outbox:{row.pk}", **(more or {}))))


def failed_once(ana: Contact) -> tuple[OutboundMessage, str]:
    """Meta took it, then said that it failed and may be tried again."""
    row = queue(ana, "paid")
    outbox.flush(now=NOW)
    first = str(fresh(row).wamid)
    told(row, first, "failed", PASSING)
    assert (fresh(row).status, fresh(row).wamid) == ("QUEUED", None)
    return row, first


@pytest.mark.parametrize("refusal", [Answer.refusal(131000, status=500), Answer.refusal(130429, status=429)])
def test_a_try_that_was_refused_at_once_does_not_hide_that_the_next_was_sent(
    ana: Contact, graph: Graph, refusal: Answer
) -> None:
    """The answer of the second try is lost, and Meta says no more than that it sent it: the phone is off."""
    row = queue(ana, "paid")
    graph.will_answer(refusal, HANG_UP)
    outbox.flush(now=NOW)
    outbox.flush(now=SOON)
    told(row, "wamid.SECOND", "sent")
    assert (fresh(row).status, fresh(row).wamid) == ("SENT", "wamid.SECOND")
    later = SOON + lease() + timedelta(seconds=1)
    outbox.release_expired_leases(now=later)
    outbox.flush(now=later)
    assert graph.sent_words == ["paid", "paid"]


def test_that_a_failed_try_had_been_sent_is_told_late_and_counts_for_nothing(
    ana: Contact, graph: Graph
) -> None:
    row, first = failed_once(ana)
    told(row, first, "sent")
    assert (fresh(row).status, fresh(row).wamid) == ("QUEUED", None)
    outbox.flush(now=SOON)
    assert fresh(row).status == "SENT"
    assert fresh(row).wamid not in {None, first}


def test_the_failure_of_the_second_try_is_not_taken_for_that_of_the_first(ana: Contact, graph: Graph) -> None:
    row, first = failed_once(ana)
    told(row, first, "sent")
    outbox.flush(now=SOON)
    told(row, fresh(row).wamid, "failed", FOR_GOOD)
    assert (fresh(row).status, fresh(row).error_code) == ("FAILED", 131026)


def test_a_failure_that_is_told_twice_does_not_touch_the_next_try(ana: Contact, graph: Graph) -> None:
    row, first = failed_once(ana)
    outbox.flush(now=SOON)
    told(row, first, "failed", PASSING)
    assert fresh(row).status == "SENT"
    assert graph.sent_words == ["paid", "paid"]


def test_an_answer_that_comes_behind_its_failure_is_not_the_next_try_s(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "paid")
    rows = claim(NOW, 1).rows
    told(row, "wamid.FIRST", "failed", PASSING)
    settle([(rows[0], "wamid.FIRST")], at=NOW, failures_in_row=0)
    assert (fresh(row).status, fresh(row).wamid) == ("QUEUED", None)
    outbox.flush(now=SOON)
    told(row, fresh(row).wamid, "failed", FOR_GOOD)
    assert fresh(row).status == "FAILED"


def test_what_arrived_after_all_is_not_sent_again(ana: Contact, graph: Graph) -> None:
    row, first = failed_once(ana)
    told(row, first, "delivered")
    outbox.flush(now=SOON)
    assert (fresh(row).status, graph.sent_words) == ("DELIVERED", ["paid"])


def test_what_staff_send_again_is_not_failed_by_what_is_told_of_before(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "paid")
    outbox.flush(now=NOW)
    first = fresh(row).wamid
    told(row, first, "failed", FOR_GOOD)
    outbox.requeue([row.pk], now=NOW)
    told(row, first, "failed", FOR_GOOD)
    outbox.flush(now=SOON)
    assert fresh(row).status == "SENT"
