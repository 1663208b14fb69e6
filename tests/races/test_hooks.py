"""Several workers reach for one delivery: one sends it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import Q

from raffles.hooks import sending
from raffles.hooks.actions import replay_delivery, rotate_secret
from raffles.hooks.calls import Call, outcome_of
from raffles.hooks.errors import NotGivenUp
from raffles.hooks.issuing import Issued
from raffles.hooks.models import Attempt, Delivery, Secret
from raffles.hooks.sending import LEASE
from tests.factories import NOW, make_staff
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, open_partner, stored
from tests.races.conftest import Race

__all__ = ["open_partner"]  # the fixture `partner`

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
