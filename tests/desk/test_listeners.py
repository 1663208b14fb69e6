from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from raffles.desk.listeners import hear
from raffles.desk.models import StaffNotification
from raffles.sales.actions import request_cancel
from raffles.sales.models import Order
from raffles.sales.notices import CancelRequested, ProofReceived
from tests.factories import NOW, make_order, make_proof, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status
Kind = StaffNotification.Kind


@pytest.fixture(autouse=True)
def desk_listens(settings: Settings, tmp_path: Path) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.desk.listeners.hear"]
    settings.MEDIA_ROOT = tmp_path


def notifications() -> list[tuple[str, int]]:
    return list(StaffNotification.objects.order_by("id").values_list("kind", "order_id"))


def test_a_proof_puts_one_line_on_the_desk() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    assert notifications() == [(Kind.PROOF_RECEIVED, order.pk)]


def test_every_proof_of_an_order_is_its_own_line() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    make_proof(order, now=NOW + timedelta(minutes=1))
    assert len(notifications()) == 2


def test_a_fact_heard_twice_is_one_line() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    hear(ProofReceived(order, order.proofs.get()))
    hear(CancelRequested(order, NOW))
    hear(CancelRequested(order, NOW + timedelta(hours=1)))
    assert notifications() == [(Kind.PROOF_RECEIVED, order.pk), (Kind.CANCEL_REQUESTED, order.pk)]


def test_what_is_asked_again_after_staff_have_looked_is_news() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    hear(CancelRequested(order, NOW))
    StaffNotification.objects.update(seen_at=NOW)
    hear(CancelRequested(order, NOW + timedelta(hours=1)))
    assert StaffNotification.objects.filter(kind=Kind.CANCEL_REQUESTED, seen_at=None).count() == 1


def test_a_proof_whose_numbers_are_gone_is_marked_late() -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[5], status=S.EXPIRED)
    make_order(raffle=raffle, numbers=[5])
    make_proof(order)
    assert notifications() == [(Kind.LATE_PROOF, order.pk)]


def test_a_request_to_cancel_reaches_the_desk() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    request_cancel(order_id=order.pk, now=NOW)
    assert (Kind.CANCEL_REQUESTED, order.pk) in notifications()


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT, S.CANCELLED, S.EXPIRED])
def test_what_asks_nothing_of_staff_leaves_the_desk_empty(status: str) -> None:
    make_order(status=status)
    assert notifications() == []
