"""Which numbers are taken, small whatever was sold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from raffles.api.taken import Taken, bitmap, expanded, ranges, taken
from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.sales.actions import cancel_order
from raffles.sales.models import Actor
from tests.factories import NOW, make_order, make_raffle

pytestmark = pytest.mark.django_db


def claim(raffle: Raffle, numbers: list[int]) -> None:
    """Straight into the tables: a hundred thousand orders would take minutes to play."""
    order = make_order(raffle=make_raffle(), numbers=[1])
    Ticket.objects.bulk_create(
        Ticket(raffle=raffle, number=number, order=order, price_minor=1, status="SOLD") for number in numbers
    )
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number // 1000] = counts.get(number // 1000, 0) + 1
    NumberBlock.objects.bulk_create(
        NumberBlock(raffle=raffle, index=index, sold=sold) for index, sold in counts.items()
    )


@pytest.mark.parametrize("step", [2, 3, 7, 1000])
def test_a_hundred_thousand_numbers_fit_into_fifty_kilobytes(consumer: APIClient, step: int) -> None:
    raffle = make_raffle(last_number=99_999)
    numbers = list(range(0, 100_000, step))
    claim(raffle, numbers)
    answer = consumer.get(f"/api/v1/raffles/{raffle.pk}/availability/")
    assert len(answer.content) < 50_000
    assert expanded(Taken(**answer.data["taken"])) == numbers
    assert (answer.data["sold"], answer.data["free"]) == (len(numbers), 100_000 - len(numbers))


def test_a_million_numbers_are_read_window_by_window(consumer: APIClient) -> None:
    raffle = make_raffle(first_number=1, last_number=1_000_000)
    numbers = [1, 99_999, 100_000, 100_001, 555_555, 1_000_000]
    claim(raffle, numbers)
    seen: list[int] = []
    first: int | None = 1
    while first is not None:
        page = consumer.get(f"/api/v1/raffles/{raffle.pk}/availability/", {"first": first}).data
        seen += expanded(Taken(**page["taken"]))
        first = page["next_first"]
    assert seen == numbers


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers=st.sets(st.integers(100, 299), max_size=20))
def test_both_ways_of_writing_say_the_same(numbers: set[int]) -> None:
    listed = sorted(numbers)
    assert expanded(Taken(100, 299, "ranges", ranges(listed))) == listed
    assert expanded(Taken(100, 299, "bitmap", bitmap(listed, 100, 299))) == listed


def test_released_numbers_are_free() -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[3, 4, 9])
    assert taken(raffle, 0, 99).data == "3-4,9"
    cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    assert taken(raffle, 0, 99).data == ""


@pytest.mark.parametrize(
    "window", [{"first": 500}, {"first": 9, "last": 3}, {"first": -1}, {"last": "x"}, {"frist": 1}]
)
def test_a_window_without_numbers_is_refused(consumer: APIClient, window: dict[str, Any]) -> None:
    answer = consumer.get(f"/api/v1/raffles/{make_raffle().pk}/availability/", window)
    assert (answer.status_code, bool(answer.data["errors"])) == (400, True)


def test_tickets_tell_nobody_who_holds_them(consumer: APIClient) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[3, 4], status="PAID")
    make_order(raffle=raffle, numbers=[9])
    answer = consumer.get(f"/api/v1/raffles/{raffle.pk}/tickets/", {"status": "SOLD"})
    assert [row["label"] for row in answer.data["results"]] == ["04", "03"]
    assert set(answer.data["results"][0]) == {"number", "label", "status", "price"}


def test_drafts_are_not_there_for_a_shop(consumer: APIClient) -> None:
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    for path in ("", "availability/", "tickets/"):
        assert consumer.get(f"/api/v1/raffles/{raffle.pk}/{path}").status_code == 404
    assert consumer.get("/api/v1/raffles/").data["results"] == []
