"""A queue longer than its page: what is urgent is on it however late it came, and the rest is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from raffles.desk.pages import choosing, rows
from raffles.evidence.models import Evidence
from raffles.sales.actions import approve_payment, ask_for_proof, reject_proof
from raffles.sales.models import Order, Payment
from tests.admin.test_review_pages import codes, queued, reviewed
from tests.factories import NOW, confirm, make_order, make_proof, make_raffle, make_staff, picture_bytes

PLACES = 3


@pytest.fixture(autouse=True)
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", PLACES)


@pytest.fixture
def old(db: None) -> list[Order]:
    """As many as there is place for, each come before whatever the test adds."""
    raffle = make_raffle(two_people_from_minor=50_000)
    return [reviewed(raffle=raffle, numbers=[n], now=NOW - timedelta(minutes=30 - n)) for n in range(PLACES)]


def test_a_draw_in_six_minutes_is_on_the_page_though_its_receipt_came_last(
    desk: Client, old: list[Order]
) -> None:
    soon = make_raffle(sales_close_at=NOW + timedelta(minutes=5), draw_at=NOW + timedelta(minutes=6))
    urgent = reviewed(raffle=soon, numbers=[1], now=NOW - timedelta(minutes=1))
    for sort in ("time", "risk"):
        told = queued(desk, sort=sort)
        assert codes(told["html"], urgent, *old) == [urgent.code, old[0].code, old[1].code]
        assert told["waiting"] == PLACES + 1
        assert "1 more waits and is not listed" in told["html"]


def test_of_a_queue_that_fits_nothing_is_said_to_be_missing(desk: Client, old: list[Order]) -> None:
    told = queued(desk)
    assert len(codes(told["html"], *old)) == told["waiting"] == PLACES
    assert "not listed" not in told["html"]


def test_what_is_with_the_player_or_a_second_person_leaves_its_place_to_others(
    desk: Client, boss: User, old: list[Order]
) -> None:
    ask_for_proof(order_id=old[0].pk, by=boss, question="Which bank?", now=NOW)
    approve_payment(order_id=old[1].pk, by=boss, amount_minor=50_000, now=NOW)
    fresh = [reviewed(now=NOW - timedelta(seconds=n)) for n in range(2)]
    assert set(codes(queued(desk)["html"], *fresh, *old)) == {old[2].code, *(one.code for one in fresh)}
    make_proof(old[0], now=NOW + timedelta(seconds=1))
    assert old[0].code in queued(desk)["html"]


def same_file(order: Order) -> None:
    other = make_order(numbers=[90], status="PENDING_PAYMENT", now=NOW - timedelta(hours=2))
    for one in (other, order):
        make_proof(one, content=picture_bytes("JPEG", (40, 40)))
    confirm(other)


def same_picture(order: Order) -> None:
    paid = make_order(numbers=[90], status="PAID")
    _evidence(order).update(resembles=Evidence.objects.get(proof__order=paid))


def same_reference_typed(order: Order) -> None:
    paid = make_order(numbers=[90], status="PAID")
    Payment.objects.filter(order=paid).update(reference_key="TRX9")
    _evidence(order).update(reference_key="TRX9")


def same_reference_read(order: Order) -> None:
    paid = make_order(numbers=[90], status="PAID")
    for one in (paid, order):
        _evidence(one).update(reference_key="TRX9")


def other_amount(order: Order) -> None:
    _evidence(order).update(amount_minor=7)


def unreadable(order: Order) -> None:
    _evidence(order).update(status="FAILED", why_failed="broken")


def forwarded(order: Order) -> None:
    _evidence(order).update(is_forwarded=True)


def _evidence(order: Order) -> Any:
    return Evidence.objects.filter(proof__order=order)


@pytest.mark.parametrize(
    "odd",
    [
        same_file,
        same_picture,
        same_reference_typed,
        same_reference_read,
        other_amount,
        unreadable,
        forwarded,
    ],
)
def test_by_risk_whatever_is_odd_about_a_receipt_brings_it_on_the_page(
    desk: Client, old: list[Order], odd: Callable[[Order], None]
) -> None:
    last = reviewed(numbers=[80])
    assert last.code not in queued(desk, sort="risk")["html"]
    odd(last)
    assert codes(queued(desk, sort="risk")["html"], last, *old)[0] == last.code
    assert last.code not in queued(desk)["html"]


def test_what_is_its_own_order_s_is_no_risk(desk: Client, old: list[Order]) -> None:
    last = reviewed(numbers=[80])
    make_proof(last, content=picture_bytes("JPEG", (41, 41)))
    make_proof(last, content=picture_bytes("JPEG", (41, 41)))
    first, *others = Evidence.objects.filter(proof__order=last).order_by("pk")
    _evidence(last).update(reference_key="TRX9")
    Evidence.objects.filter(pk__in=[one.pk for one in others]).update(resembles=first)
    assert last.code not in queued(desk, sort="risk")["html"]


def test_a_long_queue_costs_the_same_however_long(
    desk: Client, old: list[Order], django_assert_max_num_queries: Any
) -> None:
    reviewed()
    with django_assert_max_num_queries(15):
        queued(desk)
    for _ in range(4):
        reviewed()
    with django_assert_max_num_queries(15):
        queued(desk, sort="risk")


def test_an_order_that_is_decided_while_the_queue_is_read_is_left_out(
    desk: Client, old: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed()

    def chosen_and_decided(*args: Any, **named: Any) -> Any:
        found = choosing.chosen(*args, **named)
        reject_proof(order_id=old[2].pk, by=make_staff(), reason="Not ours", now=NOW)
        return found

    monkeypatch.setattr(rows, "chosen", chosen_and_decided)
    assert codes(queued(desk)["html"], *old) == [old[0].code, old[1].code]
