"""Several workers reach for one delivery: one sends it."""

from __future__ import annotations

import importlib
import threading
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import Q

from raffles.hooks import sending
from raffles.hooks.actions import change_subscription, replay_delivery, replay_given_up, rotate_secret
from raffles.hooks.actions.send_test import MOST_TESTS
from raffles.hooks.calls import Call, outcome_of
from raffles.hooks.errors import NotGivenUp, TooManyTests
from raffles.hooks.issuing import Issued
from raffles.hooks.models import Attempt, Delivery, Secret, Subscription
from raffles.hooks.sending import LEASE
from tests.factories import NOW, make_staff
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, open_partner, stored
from tests.races.conftest import Race

__all__ = ["open_partner"]  # the fixture `partner`

# The package holds the function under the same name.
send_test_event = importlib.import_module("raffles.hooks.actions.send_test")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both workers have seen that the delivery is free before either takes it."""
    both_have_read, claim = threading.Barrier(2, timeout=60), sending.claim

    def claim_together(key: int, now: datetime) -> Call | None:
        both_have_read.wait()
        return claim(key, now)

    monkeypatch.setattr(sending, "claim", claim_together)


def test_workers_that_look_at_once_send_each_delivery_once_and_in_order(race: Race, partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    made = [make_delivery(webhook, subject=f"order:{number % 3}") for number in range(12)]
    race([look for _ in range(6)])
    look(NOW + LEASE)  # what a worker left because another had just begun the one before it
    assert sorted(partner.ids()) == sorted(one.event.public_id for one in made)
    for subject in range(3):
        ids = [one.event.public_id for one in made if one.subject == f"order:{subject}"]
        assert [one for one in partner.ids() if one in ids] == ids


@pytest.mark.postgres
@pytest.mark.usefixtures("_together")
def test_without_the_claim_by_the_old_state_one_delivery_is_sent_twice(
    race: Race, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the guard off."""
    make_delivery(make_webhook(f"{partner.url}/"))

    def anything_pending(_now: datetime) -> Q:
        return Q(status=Delivery.Status.PENDING)

    monkeypatch.setattr(sending, "due", anything_pending)
    monkeypatch.setattr(sending._Round, "_begin", _begin_once)
    race([look for _ in range(2)])
    assert len(partner.heard) == 2


def _begin_once(round_: sending._Round) -> None:
    """Without the guard a worker would take its own delivery again and again."""
    if round_._flying or Attempt.objects.exists():
        return
    for key in round_._chosen(NOW):
        call = sending.claim(key, NOW)
        assert call is not None
        round_._flying[round_._threads.submit(outcome_of, call)] = call


@pytest.mark.postgres
@pytest.mark.usefixtures("_together")
def test_with_it_the_second_gives_way_though_both_had_seen_it_free(race: Race, partner: Partner) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    sent = race([look for _ in range(2)])
    assert sorted(sent) == [0, 1]
    assert len(partner.heard) == 1
    assert (stored(delivery).tries, Attempt.objects.count()) == (1, 1)


def test_two_who_send_again_what_was_given_up_send_it_once(race: Race) -> None:
    webhook, by = make_webhook("http://127.0.0.1:9000/"), make_staff()
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW)
    outcomes = race([partial(replay_delivery, delivery_id=dead.pk, by=by, now=NOW) for _ in range(2)])
    assert sorted(type(one).__name__ for one in outcomes) == ["Delivery", NotGivenUp.__name__]


def test_two_who_renew_a_secret_both_get_one_that_signs(race: Race) -> None:
    webhook, by = make_webhook("http://127.0.0.1:9000/"), make_staff()
    renew = partial(rotate_secret, subscription_id=webhook.pk, by=by, now=NOW)
    outcomes = race([renew, renew])
    assert not [one for one in outcomes if isinstance(one, IntegrityError)]
    assert all(isinstance(one, Issued) for one in outcomes)
    assert Secret.objects.filter(signs_until=None).count() == 1
    assert Secret.objects.filter(signs_until=NOW + timedelta(hours=24)).count() == 2


def test_two_who_send_again_all_that_was_given_up_send_each_once(race: Race) -> None:
    webhook, by = make_webhook("http://127.0.0.1:9000/"), make_staff()
    for number in range(30):
        make_delivery(webhook, subject=f"order:{number}", status="DEAD", closed_at=NOW)
    counts = race([partial(replay_given_up, subscription_id=webhook.pk, by=by, now=NOW) for _ in range(4)])
    assert sorted(counts) == [0, 0, 0, 30]
    assert Delivery.objects.filter(status=Delivery.Status.PENDING).count() == 30


def test_of_two_tests_at_once_the_last_room_is_for_one(race: Race) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    ask = partial(send_test_event.send_test, subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    for _ in range(MOST_TESTS - 1):
        ask()
    outcomes = race([ask, ask])
    assert sorted(type(one).__name__ for one in outcomes) == ["Delivery", TooManyTests.__name__]
    assert Delivery.objects.count() == MOST_TESTS


@pytest.mark.postgres
def test_without_the_lock_both_would_find_room(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the row is read and not locked, and both have counted before either writes."""
    webhook, both_have_counted = make_webhook("http://127.0.0.1:9000/"), threading.Barrier(2, timeout=60)
    counted = send_test_event._require_few

    def count_together(subscription: Subscription, now: datetime) -> None:
        counted(subscription, now)
        both_have_counted.wait()

    monkeypatch.setattr(send_test_event, "locked_subscription", _unlocked)
    ask = partial(send_test_event.send_test, subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    for _ in range(MOST_TESTS - 1):
        ask()
    monkeypatch.setattr(send_test_event, "_require_few", count_together)
    race([ask, ask])
    assert Delivery.objects.count() == MOST_TESTS + 1


def _unlocked(subscription_id: int) -> Subscription:
    return Subscription.objects.select_related("owner").get(pk=subscription_id)


def test_changes_of_different_things_at_once_are_both_kept(race: Race) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/", "order.paid")
    change = partial(change_subscription, subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    outcomes = race([partial(change, description="Books"), partial(change, kinds=["refund.made"])])
    assert not [one for one in outcomes if isinstance(one, Exception)]
    webhook.refresh_from_db()
    assert (webhook.description, webhook.kinds) == ("Books", ["refund.made"])
