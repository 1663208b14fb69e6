"""Who rings, when, and what happens when nobody hears it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from raffles.hooks import nudges, tasks
from raffles.hooks.models import Delivery
from raffles.hooks.schedule import PAUSES
from tests.factories import NOW, confirm, make_order
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, stored

# A webhook is told outside every transaction, so these are real ones.
pytestmark = pytest.mark.django_db(transaction=True)

Status = Delivery.Status
LATER = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def nobody_else_listens(settings: Settings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.hooks.listeners.hear"]


def test_what_is_made_rings_once_it_is_committed(monkeypatch: pytest.MonkeyPatch, partner: Partner) -> None:
    rung: list[int] = []
    monkeypatch.setattr(nudges, "send_webhooks", lambda: rung.append(Delivery.objects.count()))
    webhook = make_webhook(f"{partner.url}/", "order.paid")
    order = make_order(status="UNDER_REVIEW")
    assert rung == []
    with transaction.atomic():
        confirm(order)
        assert rung == []
    assert rung == [1]
    assert webhook.deliveries.count() == 1


def test_a_queue_that_is_gone_costs_a_nudge_and_no_sale(
    monkeypatch: pytest.MonkeyPatch, partner: Partner, caplog: pytest.LogCaptureFixture
) -> None:
    def gone() -> None:
        raise OSError("no queue")

    monkeypatch.setattr(nudges, "send_webhooks", gone)
    make_webhook(f"{partner.url}/")
    assert make_order(status="PAID").status == "PAID"
    assert "the sweep will find the webhooks" in caplog.text
    assert look(NOW) == 3


def test_the_first_pause_is_not_left_to_the_sweep(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(nudges.send_webhooks, "schedule", lambda delay: asked.append(float(delay)))
    make_delivery(make_webhook(f"{partner.url}/"), at=timezone.now())
    partner.answers.append(500)
    nudges.send_webhooks.call_local()
    assert len(asked) == 1
    assert 0 < asked[0] <= PAUSES[0].total_seconds() + 1
    asked.clear()
    Delivery.objects.update(next_try_at=timezone.now() + timedelta(days=1))
    nudges.send_webhooks.call_local()
    assert asked == []


def test_one_thread_of_a_worker_sends_and_who_asks_meanwhile_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds, told = [], []

    def round_with_a_ring(clock: object) -> None:
        rounds.append("round")
        other = threading.Thread(target=nudges.send_webhooks.call_local)
        other.start()
        other.join(timeout=10)
        assert rounds == ["round"]  # the other went away at once

    monkeypatch.setattr(nudges, "send_due", round_with_a_ring)
    monkeypatch.setattr(nudges, "_tell_queue", lambda: told.append("queue"))
    nudges.send_webhooks.call_local()
    assert told == ["queue"]


def test_what_a_round_had_no_time_for_goes_on_by_the_queue(
    monkeypatch: pytest.MonkeyPatch, partner: Partner
) -> None:
    told: list[str] = []
    make_delivery(make_webhook(f"{partner.url}/"), at=timezone.now())
    monkeypatch.setattr(nudges, "_tell_queue", lambda: told.append("queue"))
    with monkeypatch.context() as patch:
        patch.setattr(nudges, "send_due", lambda clock: 0)
        nudges.send_webhooks.call_local()
    assert told == ["queue"]
    nudges.send_webhooks.call_local()
    assert told == ["queue"]
    assert len(partner.heard) == 1


def test_the_sweeps_find_what_nobody_rang_for(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    long_ago = timezone.now() - timedelta(days=400)
    old = make_delivery(webhook, at=long_ago, status="DELIVERED", closed_at=long_ago)
    waiting = make_delivery(webhook, at=timezone.now())
    tasks.send_waiting_webhooks.call_local()
    assert stored(waiting).status == Status.DELIVERED
    tasks.tidy_webhooks.call_local()
    assert list(Delivery.objects.all()) == [waiting]
    assert old.event.public_id not in partner.ids()
