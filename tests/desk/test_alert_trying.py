"""Alerts survive restarts, crashes and webhooks that fail; and the queue is nudged once a countdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override
from pytest_django import Settings

from raffles.desk.alerts import collecting, nudges, send_alerts
from raffles.desk.alerts.sending import LEASE, MOST_TRIES, PAUSES, send_again
from raffles.desk.models import Destination, Digest, DigestLine, StaffNotification
from tests.desk.alerting import after, look, make_destination, notify, the_digest
from tests.desk.room import Room, open_room
from tests.factories import NOW, make_order

# A webhook is told outside every transaction, so these are real ones.
__all__ = ["open_room"]  # the fixture `room`

pytestmark = pytest.mark.django_db(transaction=True)

Status = Digest.Status


@pytest.fixture(autouse=True)
def english(settings: Settings) -> Iterator[None]:
    settings.LANGUAGE_CODE, settings.RAFFLES_LISTENERS = "en", []
    with override("en"):
        yield


def test_a_restart_between_collecting_and_telling_loses_nothing_and_repeats_nothing(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    collecting.gather(now=after(31))
    assert the_digest().status == Status.READY
    assert [look(after(second)) for second in (40, 50, 60)] == [1, 0, 0]
    assert len(room.heard) == 1


def test_a_worker_that_died_leaves_its_digest_to_the_next_one_after_its_lease(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    collecting.gather(now=after(31))
    ends = after(31) + LEASE
    Digest.objects.update(status=Status.SENDING, tries=1, lease_until=ends)
    assert look(ends - timedelta(seconds=1)) == 0
    assert look(ends) == 1
    assert len(room.heard) == 1


def test_a_digest_whose_workers_die_each_time_is_given_up(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    collecting.gather(now=after(31))
    Digest.objects.update(status=Status.SENDING, tries=MOST_TRIES, lease_until=after(40))
    assert look(after(41)) == 0
    assert (the_digest().status, the_digest().error) == (Status.FAILED, "no worker finished it")


def test_who_comes_back_after_its_lease_does_not_undo_what_the_next_has_noted(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    collecting.gather(now=after(31))
    stale = the_digest()
    look(after(32))
    from raffles.desk.alerts.sending import _settle

    _settle(stale, status=Status.FAILED, error="late")
    assert the_digest().status == Status.SENT


def test_a_webhook_that_fails_is_tried_again_with_growing_pauses_and_then_given_up(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    room.answers.extend([500, 503, 429, 408, 0, 500])
    at = after(31)
    for pause in PAUSES:
        assert look(at) == 0
        assert the_digest().status == Status.READY
        assert look(at + pause - timedelta(seconds=1)) == 0
        at += pause
    assert list(PAUSES) == sorted(PAUSES)
    assert len(room.heard) == len(PAUSES)
    look(at)
    assert (the_digest().status, the_digest().tries, the_digest().error) == (Status.FAILED, 6, "HTTP 500")
    assert look(at + timedelta(days=1)) == 0
    assert len(room.heard) == MOST_TRIES


def test_after_a_500_the_same_message_arrives_and_news_waits_for_the_one_behind_it(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    room.answers.append(500)
    look(after(31))
    notify(at=after(40))
    look(after(80))
    assert Digest.objects.count() == 1
    assert look(after(31) + PAUSES[0]) == 1
    assert look(after(31) + PAUSES[0]) == 1
    first, again, news = room.at("/desk")
    assert first == again != news


@pytest.mark.parametrize("status", [301, 308, 400, 403, 404, 410])
def test_what_will_be_the_same_the_next_time_is_not_tried_again(room: Room, status: int) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    room.answers.append(status)
    look(after(31))
    assert (the_digest().status, the_digest().error) == (Status.FAILED, f"HTTP {status}")
    assert room.at("/elsewhere") == []


def test_nobody_at_the_door_is_a_failure_that_names_no_address(room: Room) -> None:
    room.close()
    make_destination(f"{room.url}/secret")
    notify()
    look(after(31))
    assert (the_digest().status, the_digest().error) == (Status.READY, "ConnectionError")


def test_one_destination_that_fails_does_not_hold_up_another(room: Room) -> None:
    make_destination("http://127.0.0.1:1/closed")
    make_destination(f"{room.url}/desk")
    notify()
    assert look(after(31)) == 1
    assert len(room.at("/desk")) == 1


def test_a_channel_that_breaks_fails_alone(room: Room, settings: Settings) -> None:
    settings.STAFF_CHANNELS = {**settings.STAFF_CHANNELS, "WHATSAPP": "tests.desk.test_alert_trying.broken"}
    make_destination()
    make_destination(f"{room.url}/desk")
    notify()
    assert look(after(31)) == 1
    assert Digest.objects.get(destination__channel="WHATSAPP").error == "ZeroDivisionError"


def broken(*_given: object) -> None:
    raise ZeroDivisionError


def test_what_was_given_up_can_be_sent_again_unless_another_is_on_its_way(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    room.answers.append(404)
    look(after(31))
    failed = the_digest()
    notify(at=after(40))
    collecting.gather(now=after(71))
    assert send_again(digest_ids=[failed.pk], now=after(72)) == 0
    look(after(73))
    assert send_again(digest_ids=[failed.pk], now=after(74)) == 1
    assert look(after(75)) == 1
    assert len(room.at("/desk")) == 3


def test_a_webhook_is_never_told_inside_a_transaction(room: Room) -> None:
    make_destination(f"{room.url}/desk")
    notify()
    with transaction.atomic():
        look(after(31))
    assert (the_digest().status, the_digest().error) == (Status.READY, "RuntimeError")
    assert room.heard == []


# The nudge


def test_of_what_comes_during_a_countdown_the_first_one_tells_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheduled: list[float] = []
    monkeypatch.setattr(send_alerts, "schedule", lambda *, delay: scheduled.append(delay))
    monkeypatch.setattr(nudges, "_countdown", nudges.Countdown())
    for _ in range(3):
        nudges.wake()
    assert scheduled == [31]


def test_a_notification_that_is_undone_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled: list[float] = []
    monkeypatch.setattr(send_alerts, "schedule", lambda *, delay: scheduled.append(delay))
    monkeypatch.setattr(nudges, "_countdown", nudges.Countdown())
    with transaction.atomic():
        nudges.wake()
        transaction.set_rollback(True)
    assert scheduled == []


def test_a_queue_that_does_not_answer_loses_no_proof(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(**_given: object) -> None:
        raise ConnectionError

    settings.RAFFLES_LISTENERS = ["raffles.desk.listeners.hear"]
    monkeypatch.setattr(send_alerts, "schedule", gone)
    monkeypatch.setattr(nudges, "_countdown", nudges.Countdown())
    make_order(status="UNDER_REVIEW")
    assert StaffNotification.objects.count() == 1
    assert "the sweep will find the alerts" in caplog.text


def test_the_task_collects_and_tells(room: Room) -> None:
    make_destination(f"{room.url}/desk", since=NOW - timedelta(days=1))
    from django.utils import timezone

    notify(at=timezone.now() - timedelta(minutes=1))
    Destination.objects.update(since=timezone.now() - timedelta(days=1))
    send_alerts.call_local()
    assert len(room.at("/desk")) == 1
    assert DigestLine.objects.count() == 1
