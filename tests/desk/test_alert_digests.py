"""Twenty proofs are one message, once, to each place that wants to hear of proofs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils.translation import override
from pytest_django import Settings

from raffles.desk.alerts import collecting
from raffles.desk.models import Digest, StaffNotification
from tests.desk.alerting import Kind, after, look, make_destination, notify
from tests.desk.room import Room, open_room
from tests.factories import NOW

# A webhook is told outside every transaction, so these are real ones.
__all__ = ["open_room"]  # the fixture `room`

pytestmark = pytest.mark.django_db(transaction=True)

Status = Digest.Status


@pytest.fixture(autouse=True)
def english(settings: Settings) -> Iterator[None]:
    settings.LANGUAGE_CODE, settings.RAFFLES_LISTENERS = "en", []
    with override("en"):
        yield


def test_five_proofs_in_ten_seconds_are_one_message_that_lists_five(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    orders = [notify(at=after(second)) for second in (0, 2, 4, 7, 10)]
    assert look(after(29)) == 0
    assert look(after(31)) == 1
    (words,) = room.at("/desk")
    assert words.startswith("5 things wait on the desk\nProof received (5): ")
    assert all(order and order.code in words for order in orders)
    assert look(after(3600)) == 0
    assert len(room.heard) == 1


def test_one_proof_is_said_in_the_singular(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    order = notify()
    look(after(31))
    assert order
    assert room.at("/desk")[0].splitlines()[:2] == [
        "1 thing waits on the desk",
        f"Proof received: {order.code}",
    ]


def test_what_comes_after_the_message_is_collected_for_the_next(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify(at=NOW)
    look(after(31))
    notify(at=after(35))
    assert look(after(60)) == 0
    assert look(after(66)) == 1
    assert len(room.at("/desk")) == 2


def test_an_order_with_two_proofs_is_named_once_and_counts_twice(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    order = notify()
    notify(order=order)
    look(after(31))
    assert order
    assert f"Proof received (2): {order.code}\n" in room.at("/desk")[0]


def test_of_many_codes_some_are_named_and_the_rest_counted(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    for _ in range(22):
        notify()
    look(after(31))
    assert "Proof received (22): " in room.at("/desk")[0]
    assert ", 2 more\n" in room.at("/desk")[0]


def test_each_kind_goes_to_its_own_place(room: Room) -> None:
    make_destination(f"{room.url}/money", Kind.PROOF_RECEIVED, Kind.LATE_PROOF)
    make_destination(f"{room.url}/machines", Kind.EVENT_FAILED)
    notify(Kind.PROOF_RECEIVED)
    notify(Kind.LATE_PROOF)
    notify(Kind.EVENT_FAILED)
    notify(Kind.SENDING_PAUSED)
    assert look(after(31)) == 2
    assert "Proof received" in room.at("/money")[0]
    assert "Late proof" in room.at("/money")[0]
    assert room.at("/machines")[0].startswith("1 thing waits on the desk\nMessage not understood\n")
    assert len(room.heard) == 2
    assert StaffNotification.objects.filter(seen_at=None).count() == 4


def test_without_a_destination_there_is_only_the_bell(room: Room) -> None:
    notify()
    make_destination(f"{room.url}/off", is_active=False)
    assert look(after(31)) == 0
    assert room.heard == []
    assert not Digest.objects.exists()
    assert StaffNotification.objects.filter(seen_at=None).count() == 1


def test_outside_production_webhooks_hear_nothing_until_a_test_channel_hears_for_all(
    room: Room, settings: Settings
) -> None:
    settings.STAFF_WEBHOOKS_LIVE = False
    make_destination(f"{room.url}/real", name="Cashiers")
    notify()
    assert look(after(31)) == 0
    assert not Digest.objects.exists()
    settings.STAFF_TEST_WEBHOOK_URL = f"{room.url}/test"
    assert look(after(32)) == 1
    assert room.at("/real") == []
    assert room.at("/test")[0].startswith("[Cashiers] 1 thing waits")


def test_a_new_destination_does_not_begin_with_old_news(room: Room) -> None:
    notify()
    make_destination(f"{room.url}/desk", since=after(1))
    assert look(after(31)) == 0
    notify(at=after(5))
    look(after(36))
    assert "1 thing waits" in room.at("/desk")[0]


def test_what_is_older_than_three_days_is_left_to_the_bell(room: Room) -> None:
    make_destination(f"{room.url}/desk", since=NOW - timedelta(days=9))
    notify(at=NOW - collecting.REACH - timedelta(seconds=1))
    assert look(NOW) == 0


def test_more_than_one_digest_holds_goes_into_the_next(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_LINES", 2)
    make_destination(f"{room.url}/desk", Kind.EVENT_FAILED)
    for _ in range(3):
        notify(Kind.EVENT_FAILED)
    look(after(31))
    look(after(31))
    assert [words.splitlines()[0][:1] for words in room.at("/desk")] == ["2", "1"]
