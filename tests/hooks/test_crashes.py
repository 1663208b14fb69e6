"""What a worker that dies leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.hooks import sending
from raffles.hooks.calls import outcome_of
from raffles.hooks.models import Delivery
from raffles.hooks.schedule import MOST_TRIES
from raffles.hooks.sending import LEASE
from raffles.hooks.settling import settle
from tests.factories import NOW
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, stored

# A webhook is told outside every transaction, so these are real ones.
pytestmark = pytest.mark.django_db(transaction=True)

Status = Delivery.Status
LATER = NOW + timedelta(days=7)


class Killed(BaseException):
    """As SIGKILL: no code of ours runs after it."""


def killed(*_args: object) -> None:
    raise Killed


def look_and_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the answer came and before it is noted."""
    with monkeypatch.context() as patch:
        patch.setattr(sending, "settle", killed)
        with pytest.raises(Killed):
            look(NOW)


def test_a_worker_that_is_killed_before_it_notes_the_answer_leaves_it_to_the_next(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: the receiver hears it twice, under one id."""
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    look_and_be_killed(monkeypatch)
    assert stored(delivery).lease_until == NOW + LEASE
    assert look(NOW + LEASE - timedelta(seconds=1)) == 0
    assert look(NOW + LEASE) == 1
    assert len(partner.heard) == 2
    assert len(set(partner.ids())) == 1
    assert stored(delivery).status == Status.DELIVERED


def test_while_it_lies_with_a_dead_worker_nothing_of_its_object_overtakes_it(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = make_webhook(f"{partner.url}/")
    first, second = make_delivery(webhook), make_delivery(webhook)
    look_and_be_killed(monkeypatch)
    look(NOW + LEASE)
    ids = [first.event.public_id, first.event.public_id, second.event.public_id]
    assert partner.ids() == ids


def test_one_whose_workers_die_each_time_is_given_up_without_a_call(partner: Partner) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"), tries=MOST_TRIES, lease_until=NOW)
    assert look(NOW) == 0
    assert partner.heard == []
    assert (stored(delivery).status, stored(delivery).error) == (Status.DEAD, "WorkerDied")


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(partner: Partner) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    late = sending.claim(delivery.pk, NOW)
    assert late is not None
    assert look(NOW + LEASE) == 1
    Delivery.objects.update(status=Status.PENDING, closed_at=None, lease_until=LATER)  # a third one has it
    assert not settle(late, outcome_of(late), NOW + LEASE)
    assert (stored(delivery).status, stored(delivery).lease_until) == (Status.PENDING, LATER)
