"""What is looked at to find the next messages, and what such a look costs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import NOW, Person
from whatsapp.models import Contact, OutboundMessage
from whatsapp.outbox import heads as reading
from whatsapp.outbox import sending
from whatsapp.outbox.claims import Claim, claim, seconds_to_next
from whatsapp.outbox.heads import heads
from whatsapp.outbox.sending import RUSHED, Flush

pytestmark = pytest.mark.django_db


def people(count: int) -> list[Contact]:
    return [make_contact(Person(f"P{n}", f"59598300{n:04d}", f"PY.5{n}")) for n in range(count)]


def put_off(row: OutboundMessage, **later: float) -> None:
    OutboundMessage.objects.filter(pk=row.pk).update(next_try_at=NOW + timedelta(**later))


def test_the_first_of_each_contact_in_the_order_of_the_queue_over_many_readings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "FIRST_WINDOW", 2)
    crowd = people(9)
    first = [queue(person, "first").pk for person in crowd]
    for person in reversed(crowd):
        queue(person, "second")
    assert [head.pk for head in heads()] == first


def test_what_is_being_sent_and_what_waits_for_its_try_hold_up_their_own_contact_only() -> None:
    ana, ben, eva = people(3)
    being_sent, put_back = queue(ana, "1"), queue(ben, "1")
    for person in (ana, ben, eva):
        queue(person, "2")
    OutboundMessage.objects.filter(pk=being_sent.pk).update(status="SENDING", lease_until=NOW)
    put_off(put_back, seconds=30)
    assert [row.contact for row in claim(NOW, 10).rows] == [eva]
    assert seconds_to_next(NOW) == 30


def test_a_row_that_was_settled_since_it_was_looked_at_is_not_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, ben = people(2)
    gone, kept = queue(ana, "x"), queue(ben, "x")
    seen = list(heads())
    monkeypatch.setattr("whatsapp.outbox.claims.heads", lambda first=(): iter(seen))
    OutboundMessage.objects.filter(pk=gone.pk).update(status="DROPPED")
    assert [row.pk for row in claim(NOW, 10).rows] == [kept.pk]


@pytest.mark.parametrize("backlog", [100, 3000])
def test_a_claim_reads_what_it_passes_and_not_the_whole_queue(backlog: int) -> None:
    crowd = people(60)
    OutboundMessage.objects.bulk_create(
        OutboundMessage(contact=crowd[n % 60], dedupe_key=f"b{n}", content={}, created_at=NOW)
        for n in range(backlog)
    )
    with CaptureQueriesContext(connection) as asked:
        assert len(claim(NOW, 20).rows) == 20
    looks = [one["sql"] for one in asked if "paced_until" in one["sql"] and one["sql"].startswith("SELECT")]
    assert sum("LIMIT 50" in sql for sql in looks) == 2  # once without the lock, once behind it
    assert not any("LIMIT 200" in sql for sql in looks)


def test_who_is_being_written_to_gets_what_else_waits_before_others() -> None:
    """Of two answers to one person the second would wait for the first of everybody else."""
    ana, ben, eva = people(3)
    for person in (ana, ben, eva):
        queue(person, "1")
    later = {person: queue(person, "2") for person in (ana, ben, eva)}
    (sent,) = claim(NOW, 1).rows
    assert [row.contact for row in claim(NOW, 1, first=[ana.pk]).rows] == [ben], "one after another"
    OutboundMessage.objects.filter(pk=sent.pk).update(status="SENT", sent_at=NOW, lease_until=None)
    assert [row.pk for row in claim(NOW, 1, first=[ana.pk]).rows] == [later[ana].pk]


def test_they_come_first_also_within_a_claim_so_that_the_pace_cuts_off_others() -> None:
    ana, ben = people(2)
    older, newer = queue(ben, "1"), queue(ana, "2")
    assert [row.pk for row in claim(NOW, 2, first=[ana.pk]).rows] == [newer.pk, older.pk]


class Firsts:
    """Who comes first in each claim of a flush, and what was claimed."""

    def __init__(self) -> None:
        self.asked: list[set[int]] = []
        self.got: list[set[int]] = []

    def claim(self, at: datetime, room: int, *, first: Collection[int] = ()) -> Claim:
        found = claim(at, room, first=first)
        self.asked.append(set(first))
        self.got.append({row.contact_id for row in found.rows})
        return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("crowd", "is_rush"), [(30, True), (RUSHED, False)])
def test_a_flush_asks_for_them_first_in_a_rush(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, crowd: int, is_rush: bool
) -> None:
    firsts = Firsts()
    monkeypatch.setattr(sending, "claim", firsts.claim)
    contacts = people(crowd)
    for words in ("one", "two"):
        for person in contacts:
            queue(person, words)
    Flush(clock=lambda: NOW).run()
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}
    assert any(firsts.asked) is is_rush
    for place, first in enumerate(firsts.asked):
        assert first <= set().union(*firsts.got[:place]), "only whom something was sent"
