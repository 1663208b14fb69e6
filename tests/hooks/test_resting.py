"""A receiver that says it is busy is left alone as long as it asks, and no longer than is good for it."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from raffles.hooks import nudges
from raffles.hooks.actions import change_subscription, disable_subscription, enable_subscription
from raffles.hooks.calls import Outcome
from raffles.hooks.models import Delivery, Subscription
from raffles.hooks.queries import next_due_at
from raffles.hooks.rules import require_address
from raffles.hooks.schedule import LONGEST_REST, PAUSES, asked_for
from raffles.hooks.sending import claim
from raffles.hooks.settling import settle
from raffles.sales.admin.showing import moment
from tests.admin.conftest import today
from tests.admin.pages import page_of, text
from tests.factories import NOW
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, stored

__all__ = ["today"]

pytestmark = pytest.mark.django_db(transaction=True)

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("written", "rest"),
    [
        ("60", MINUTE),
        (" 60 ", MINUTE),
        ("3600", LONGEST_REST),
        ("3601", LONGEST_REST),
        ("9" * 5000, LONGEST_REST),
        (format_datetime(NOW + MINUTE), MINUTE),
        ((NOW + MINUTE).strftime("%a, %d %b %Y %H:%M:%S GMT"), MINUTE),
        (format_datetime(NOW + timedelta(days=400)), LONGEST_REST),
        (format_datetime(NOW - MINUTE), None),
        ("", None),
        ("0", None),
        ("-60", None),
        ("1.5", None),
        ("soon", None),
        ("Mon, 99 Foo 2026 99:99:99 GMT", None),
        ("Sat, 21 Nov 99999999999 15:00:00 GMT", None),
        ("١٢", None),
    ],
)
def test_what_a_receiver_asks_for_is_read_and_bounded(written: str, rest: timedelta | None) -> None:
    assert asked_for(written, NOW) == rest


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_receiver_is_called_when_it_said_and_not_before(partner: Partner, status: int) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    partner.answers.append(status)
    partner.retry_after = "600"
    look(NOW)
    until = NOW + 10 * MINUTE
    assert stored(delivery).next_try_at == until
    assert (look(until - SECOND), len(partner.heard)) == (0, 1)
    assert (look(until), len(partner.heard)) == (1, 2)


def test_its_other_events_wait_as_well_and_other_receivers_do_not(partner: Partner) -> None:
    busy, well = make_webhook(f"{partner.url}/busy"), make_webhook(f"{partner.url}/well")
    partner.answers.append(429)
    partner.retry_after = "600"
    make_delivery(busy)
    look(NOW)
    for number in range(3):
        make_delivery(busy, subject=f"order:{number + 2}")
    make_delivery(well)
    assert look(NOW + 9 * MINUTE) == 1
    assert (len(partner.ids("/busy")), len(partner.ids("/well"))) == (1, 1)
    # None of them has lost a try to it.
    tries = Delivery.objects.filter(subscription=busy).order_by("pk").values_list("tries", flat=True)
    assert list(tries) == [1, 0, 0, 0]
    assert look(NOW + 10 * MINUTE) == 4


def test_what_asks_for_less_than_the_pause_does_not_spend_its_tries(partner: Partner) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"), tries=3)
    partner.answers.append(503)
    partner.retry_after = "1"
    look(NOW)
    assert stored(delivery).next_try_at >= NOW + PAUSES[3] * 0.9


def test_without_a_wish_the_receiver_does_not_rest(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    make_delivery(webhook)
    make_delivery(webhook, subject="order:2")
    partner.answers.append(429)
    assert look(NOW) == 1
    assert Subscription.objects.get().rests_until is None


@pytest.mark.parametrize("status", [500, 404, 301, 204])
def test_only_busy_answers_can_ask_for_rest(partner: Partner, status: int) -> None:
    make_delivery(make_webhook(f"{partner.url}/"))
    partner.answers.append(status)
    partner.retry_after = "600"
    look(NOW)
    assert Subscription.objects.get().rests_until is None


def test_of_two_wishes_the_later_one_counts() -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    keys = [make_delivery(webhook, subject=f"order:{number}").pk for number in range(2)]
    calls = [claim(key, NOW) for key in keys]
    for call, rest in zip(calls, (10 * MINUTE, MINUTE), strict=True):
        assert call is not None
        settle(call, Outcome(429, rest=rest), NOW)
    assert Subscription.objects.get().rests_until == NOW + 10 * MINUTE


def test_the_end_of_a_rest_is_not_left_to_the_sweep(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(nudges.send_webhooks, "schedule", lambda delay: asked.append(float(delay)))
    webhook = make_webhook(f"{partner.url}/")
    now = timezone.now()
    make_delivery(webhook, at=now)
    Subscription.objects.filter(pk=webhook.pk).update(rests_until=now + 30 * SECOND)
    assert next_due_at(now) == now + 30 * SECOND
    nudges.send_webhooks.call_local()
    assert partner.heard == []
    assert 20 < asked[0] <= 32


@pytest.mark.usefixtures("today")
def test_staff_see_that_it_rests_and_when_the_next_try_is(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    delivery = make_delivery(webhook)
    assert "Rests until" not in text(desk.get(page_of(webhook)))
    Subscription.objects.update(rests_until=NOW + 10 * MINUTE)
    with override("en"):
        until = moment(NOW + 10 * MINUTE)
    assert f"Rests until {until}" in text(desk.get(page_of(webhook)))
    assert stored(delivery).leaves_at == NOW + 10 * MINUTE
    assert until in text(desk.get(page_of(delivery)))


def test_another_address_or_a_person_ends_the_rest() -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    by, asleep = webhook.owner, {"rests_until": NOW + MINUTE}
    given: dict[str, Any] = {"description": "", "kinds": ["order.paid"], "by": by, "now": NOW}
    Subscription.objects.update(**asleep)
    change_subscription(subscription_id=webhook.pk, url=require_address(webhook.url), **given)
    assert Subscription.objects.get().rests_until == NOW + MINUTE
    change_subscription(subscription_id=webhook.pk, url=require_address("http://127.0.0.1:9001/"), **given)
    assert Subscription.objects.get().rests_until is None
    Subscription.objects.update(**asleep)
    disable_subscription(subscription_id=webhook.pk, by=by, now=NOW)
    enable_subscription(subscription_id=webhook.pk, by=by, now=NOW)
    assert Subscription.objects.get().rests_until is None
