from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.hooks import tidying
from raffles.hooks.models import Attempt, Delivery, Event, Secret, Subscription
from raffles.hooks.schedule import KEPT
from raffles.hooks.tidying import tidy
from tests.factories import NOW
from tests.hooks.receiving import make_delivery, make_webhook, stored

pytestmark = pytest.mark.django_db

URL = "https://partner.example/"
OLD, YOUNG = NOW - KEPT - timedelta(days=1), NOW - timedelta(days=1)


def test_what_ended_a_month_ago_goes_with_its_tries_and_its_event() -> None:
    webhook = make_webhook(URL)
    gone = [make_delivery(webhook, at=OLD, status=end, closed_at=OLD) for end in ("DELIVERED", "DEAD")]
    kept = make_delivery(webhook, at=YOUNG, status="DELIVERED", closed_at=YOUNG)
    for one in (*gone, kept):
        Attempt.objects.create(delivery=one, at=OLD, status_code=200, milliseconds=1)
    assert tidy(now=NOW) == 2
    assert list(Delivery.objects.all()) == [kept]
    assert list(Event.objects.all()) == [kept.event]
    assert Attempt.objects.count() == 1


def test_a_month_of_a_busy_house_goes_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as comes in: what is left behind each hour is never caught up with."""
    monkeypatch.setattr(tidying, "MOST_AT_ONCE", 3)
    webhook, off = make_webhook(URL), make_webhook(URL)
    Subscription.objects.filter(pk=off.pk).update(disabled_at=OLD, disabled_why="STAFF")
    for _ in range(10):
        make_delivery(webhook, at=OLD, status="DELIVERED", closed_at=OLD)
        make_delivery(off, at=OLD)
    assert tidy(now=NOW) == 10
    assert Event.objects.count() == 10
    assert set(Delivery.objects.values_list("status", "error")) == {("DEAD", "SwitchedOff")}
    monkeypatch.setattr(tidying, "MOST_BATCHES", 2)
    assert tidy(now=NOW + KEPT + timedelta(days=1)) == 6


def test_an_event_that_one_receiver_still_waits_for_stays() -> None:
    first, second = make_webhook(URL), make_webhook(URL)
    told = make_delivery(first, at=OLD, status="DELIVERED", closed_at=OLD)
    Delivery.objects.create(
        event=told.event, subscription=second, subject=told.subject, made_at=OLD, next_try_at=NOW
    )
    assert tidy(now=NOW) == 1
    assert Event.objects.count() == 1


def test_what_waits_for_one_that_was_switched_off_a_month_ago_is_given_up() -> None:
    off, on = make_webhook(URL), make_webhook(URL)
    Subscription.objects.filter(pk=off.pk).update(disabled_at=OLD, disabled_why="STAFF")
    forgotten, fresh, waiting = make_delivery(off, at=OLD), make_delivery(off), make_delivery(on, at=OLD)
    assert tidy(now=NOW) == 0
    assert (stored(forgotten).status, stored(forgotten).error) == ("DEAD", "SwitchedOff")
    assert {stored(fresh).status, stored(waiting).status} == {"PENDING"}


def test_secrets_that_sign_no_more_go() -> None:
    webhook = make_webhook(URL)
    Secret.objects.create(subscription=webhook, sealed="x", made_at=OLD, signs_until=OLD)
    Secret.objects.create(subscription=webhook, sealed="y", made_at=OLD, signs_until=YOUNG)
    tidy(now=NOW)
    assert sorted(Secret.objects.values_list("signs_until", flat=True), key=str) == [YOUNG, None]
