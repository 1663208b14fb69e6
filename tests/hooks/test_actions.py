"""What can be done to a webhook, what is refused, and what the audit log says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.hooks import rules
from raffles.hooks.actions import (
    change_subscription,
    disable_subscription,
    enable_subscription,
    make_subscription,
    replay_delivery,
    rotate_secret,
)
from raffles.hooks.errors import (
    AddressRefused,
    DeliveryNotFound,
    EventsUnknown,
    NoEventChosen,
    NotGivenUp,
    SubscriptionNotFound,
    SubscriptionOff,
    TooManySubscriptions,
)
from raffles.hooks.issuing import Issued, issue_secret
from raffles.hooks.models import Delivery, Secret, Subscription
from raffles.hooks.rules import require_address
from raffles.hooks.sealing import opened
from tests.factories import NOW, make_staff
from tests.hooks.receiving import make_delivery, make_owner, make_webhook, stored
from tests.project.environment import PRODUCTION, read_settings

pytestmark = pytest.mark.django_db

HERE = "http://127.0.0.1:9000/k3y"
LATER = NOW + timedelta(hours=1)


def make(**changes: Any) -> Issued:
    given: dict[str, Any] = {"url": HERE, "description": "Books", "kinds": ["order.paid"], "now": NOW}
    given |= {"owner": make_owner()} | changes
    return make_subscription(**given | {"url": require_address(given["url"])})


def change(subscription: Subscription, **given: Any) -> None:
    given["url"] = require_address(given["url"])
    change_subscription(subscription_id=subscription.pk, by=make_staff(), now=NOW, **given)


def told(deed: str) -> AuditEntry:
    return AuditEntry.objects.get(action=deed)


def test_making_one_gives_its_secret_once_and_keeps_it_sealed() -> None:
    issued = make()
    row = Secret.objects.get(subscription=issued.subscription)
    assert issued.secret.startswith("whsec_")
    assert issued.secret not in row.sealed
    assert opened(row.sealed) == issued.secret
    assert told(Deed.WEBHOOK_ADDED).after == {
        "host": "127.0.0.1",
        "description": "Books",
        "events": ["order.paid"],
    }


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kinds": []}, NoEventChosen),
        ({"kinds": ["order.paid", "order.eaten"]}, EventsUnknown),
        ({"url": "ftp://127.0.0.1/"}, AddressRefused),
        ({"url": "http://ana:key@127.0.0.1/"}, AddressRefused),
        ({"url": f"http://127.0.0.1/{'x' * 500}"}, AddressRefused),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made_and_when_it_is_changed(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        make(**changes)
    subscription = make().subscription
    given: dict[str, Any] = {"url": HERE, "description": "", "kinds": ["order.paid"]} | changes
    with pytest.raises(refusal):
        change(subscription, **given)
    assert Subscription.objects.get().url == HERE


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://8.8.8.8/", "insecure"),
        ("https://127.0.0.1/", "private"),
        ("https://10.0.0.1/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/", "private"),
        ("https://[fe80::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://localhost/", "private"),
    ],
)
def test_where_it_is_live_nothing_behind_our_own_door_can_be_subscribed(
    settings: Settings, url: str, why: str
) -> None:
    settings.HOOKS_LOCAL = False
    with pytest.raises(AddressRefused) as refused:
        make(url=url)
    assert refused.value.why == why
    assert make(url="https://8.8.8.8/").subscription.pk


def test_a_copy_for_trying_takes_this_machine_only() -> None:
    with pytest.raises(AddressRefused) as refused:
        make(url="https://8.8.8.8/")
    assert refused.value.why == "elsewhere"


def test_one_person_has_so_many_and_switched_off_ones_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SUBSCRIPTIONS", 2)
    owner = make_owner()
    first = make(owner=owner).subscription
    make(owner=owner)
    with pytest.raises(TooManySubscriptions):
        make(owner=owner)
    make()  # somebody else's
    disable_subscription(subscription_id=first.pk, by=owner, now=NOW)
    make(owner=owner)
    with pytest.raises(TooManySubscriptions):
        enable_subscription(subscription_id=first.pk, by=owner, now=NOW)


def test_a_change_is_told_from_what_to_what_and_without_the_key_in_the_address() -> None:
    subscription, by = make().subscription, make_staff()
    change_subscription(
        subscription_id=subscription.pk,
        url=require_address("http://127.0.0.1:9001/n3w"),
        description="Shop",
        kinds=["order.paid", "order.expired"],
        by=by,
        now=LATER,
    )
    entry = told(Deed.WEBHOOK_CHANGED)
    assert (entry.user, entry.at) == (by, LATER)
    assert entry.before["description"] == "Books"
    assert entry.after == {
        "host": "127.0.0.1",
        "description": "Shop",
        "events": ["order.expired", "order.paid"],
    }
    log = str(list(AuditEntry.objects.values()))
    assert "k3y" not in log
    assert "n3w" not in log


def test_a_new_secret_lets_the_old_one_sign_for_a_day() -> None:
    subscription, by = make().subscription, make_staff()
    first = Secret.objects.get()
    issued = rotate_secret(subscription_id=subscription.pk, by=by, now=NOW)
    first.refresh_from_db()
    assert first.signs_until == NOW + timedelta(hours=24)
    assert opened(Secret.objects.get(signs_until=None).sealed) == issued.secret
    assert told(Deed.WEBHOOK_SECRET_RENEWED).user == by


def test_a_second_new_secret_gives_the_first_no_longer_than_it_had() -> None:
    subscription, by = make().subscription, make_staff()
    rotate_secret(subscription_id=subscription.pk, by=by, now=NOW, overlap=timedelta(hours=1))
    rotate_secret(subscription_id=subscription.pk, by=by, now=NOW)
    ends = Secret.objects.order_by("pk").values_list("signs_until", flat=True)
    assert list(ends) == [NOW + timedelta(hours=1), NOW + timedelta(hours=24), None]


def test_a_leaked_secret_ends_all_that_still_signed() -> None:
    subscription, by = make().subscription, make_staff()
    rotate_secret(subscription_id=subscription.pk, by=by, now=NOW)
    rotate_secret(subscription_id=subscription.pk, by=by, now=NOW, overlap=timedelta(0))
    assert not Secret.objects.filter(signs_until__gt=NOW).exists()


def test_one_subscription_has_one_current_secret() -> None:
    subscription = make().subscription
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_secret(subscription, NOW)


def test_switched_off_twice_the_first_time_counts_and_on_again_all_tries_are_new() -> None:
    webhook, by = make_webhook(HERE), make_staff()
    tired = make_delivery(webhook, tries=7)
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW)
    disable_subscription(subscription_id=webhook.pk, by=by, now=NOW)
    again = disable_subscription(subscription_id=webhook.pk, by=by, now=LATER)
    assert (again.disabled_at, again.disabled_why) == (NOW, "STAFF")
    on = enable_subscription(subscription_id=webhook.pk, by=by, now=LATER)
    enable_subscription(subscription_id=webhook.pk, by=by, now=LATER + timedelta(days=1))
    assert on.disabled_at is None
    assert (stored(tired).tries, stored(tired).next_try_at) == (0, LATER)
    assert stored(dead).status == "DEAD"
    deeds = AuditEntry.objects.filter(action=Deed.WEBHOOK_SWITCHED).order_by("pk")
    assert [entry.after["on"] for entry in deeds] == [False, True]


def test_what_was_given_up_leaves_again_under_the_same_id_and_before_what_came_after() -> None:
    webhook, by = make_webhook(HERE), make_staff()
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW, tries=10)
    replayed = replay_delivery(delivery_id=dead.pk, by=by, now=LATER)
    assert (replayed.status, replayed.tries, replayed.next_try_at) == ("PENDING", 0, LATER)
    entry = told(Deed.WEBHOOK_REPLAYED)
    assert (entry.subject_label, entry.user) == (dead.event.public_id, by)


@pytest.mark.parametrize("status", ["PENDING", "DELIVERED"])
def test_what_arrived_or_is_on_its_way_is_not_sent_again(status: str) -> None:
    closed = None if status == "PENDING" else NOW
    delivery = make_delivery(make_webhook(HERE), status=status, closed_at=closed)
    with pytest.raises(NotGivenUp):
        replay_delivery(delivery_id=delivery.pk, by=make_staff(), now=NOW)


def test_nothing_is_sent_again_to_one_that_is_off() -> None:
    webhook = make_webhook(HERE)
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW)
    disable_subscription(subscription_id=webhook.pk, by=make_staff(), now=NOW)
    with pytest.raises(SubscriptionOff):
        replay_delivery(delivery_id=dead.pk, by=make_staff(), now=NOW)
    assert stored(dead).status == Delivery.Status.DEAD


def test_what_is_not_there_is_said_to_be_not_there() -> None:
    by = make_staff()
    for act in (rotate_secret, disable_subscription, enable_subscription):
        with pytest.raises(SubscriptionNotFound):
            act(subscription_id=0, by=by, now=NOW)
    with pytest.raises(DeliveryNotFound):
        replay_delivery(delivery_id=0, by=by, now=NOW)


def test_an_event_goes_to_a_subscription_once() -> None:
    delivery = make_delivery(make_webhook(HERE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            event=delivery.event,
            subscription=delivery.subscription,
            subject=delivery.subject,
            made_at=NOW,
            next_try_at=NOW,
        )


def test_only_a_copy_for_trying_may_tell_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(monkeypatch, PRODUCTION)["HOOKS_LOCAL"] is False
    assert read_settings(monkeypatch, {"DEBUG": "1"})["HOOKS_LOCAL"] is True
