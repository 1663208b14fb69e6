"""Several workers reach for one digest: one tells it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from pytest_django import Settings

from raffles.desk.alerts import gather, send_due, sending
from raffles.desk.models import Destination, Digest, DigestLine
from tests.desk.alerting import after, look, make_destination, notify
from tests.desk.room import Room, open_room
from tests.races.conftest import Race

__all__ = ["open_room"]  # the fixture `room`

pytestmark = pytest.mark.django_db(transaction=True)

GUARDS = [(Digest, "desk_digest_one_on_its_way"), (DigestLine, "desk_digest_line_once")]


@pytest.fixture
def no_guard(transactional_db: None) -> Iterator[None]:
    rules = [(m, next(r for r in m._meta.constraints if r.name == name)) for m, name in GUARDS]
    with connection.schema_editor() as editor:
        for model, rule in rules:
            editor.remove_constraint(model, rule)
    yield
    for model in (DigestLine, Digest):
        model.objects.all().delete()
    with connection.schema_editor() as editor:
        for model, rule in rules:
            editor.add_constraint(model, rule)


def test_workers_that_look_at_once_collect_and_tell_once(race: Race, room: Room) -> None:
    make_destination(f"{room.url}/desk")
    for second in range(5):
        notify(at=after(second))
    race([partial(look, after(31)) for _ in range(6)])
    assert len(room.at("/desk")) == 1
    assert Digest.objects.get().status == "SENT"
    assert DigestLine.objects.count() == 5


@pytest.mark.postgres
@pytest.mark.usefixtures("no_guard")
def test_without_the_constraints_two_workers_collect_the_same_twice(
    race: Race, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    make_destination()
    notify()
    both_have_read = threading.Barrier(2, timeout=60)
    exists = QuerySet.exists

    def together(rows: QuerySet[Digest]) -> bool:
        found = exists(rows)
        both_have_read.wait()
        return found

    monkeypatch.setattr(QuerySet, "exists", together)
    race([partial(gather, now=after(31)) for _ in range(2)])
    assert Digest.objects.count() == 2
    assert DigestLine.objects.count() == 2


@pytest.mark.postgres
def test_with_them_the_second_gives_way_though_it_had_seen_nothing(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_destination()
    notify()
    both_have_read = threading.Barrier(2, timeout=60)
    exists = QuerySet.exists

    def together(rows: QuerySet[Digest]) -> bool:
        found = exists(rows)
        both_have_read.wait()
        return found

    monkeypatch.setattr(QuerySet, "exists", together)
    outcomes = race([partial(gather, now=after(31)) for _ in range(2)])
    assert sorted(map(len, outcomes)) == [0, 1]


@pytest.mark.postgres
def test_without_the_claim_by_the_old_status_a_digest_is_told_twice(
    race: Race, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    gather(now=after(31))
    both_have_read = threading.Barrier(2, timeout=60)

    def anything(_now: object) -> Q:
        return Q(pk__gt=0)

    def claim_together(pk: int, now: datetime) -> bool:
        both_have_read.wait()
        return claim(pk, now)

    claim = sending._send
    monkeypatch.setattr(sending, "_due", anything)
    monkeypatch.setattr(sending, "_send", claim_together)
    race([partial(send_due, clock=lambda: after(31)) for _ in range(2)])
    assert len(room.at("/desk")) == 2
    assert Destination.objects.count() == 1
