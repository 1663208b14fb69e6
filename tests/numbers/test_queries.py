from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from raffles.numbers.actions import reserve_random_numbers
from raffles.numbers.models import BLOCK_SIZE, NumberBlock, Raffle, Ticket
from raffles.numbers.queries import (
    Availability,
    availability,
    block_mismatches,
    free_numbers_near,
    raffles_on_sale,
    taken_among,
    taken_in_blocks,
)
from raffles.sales.models import Order
from tests.factories import NOW, make_order, make_player, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status


def sell_all_but_one_in(spacing: int, raffle: Raffle) -> None:
    """In few statements, past the actions."""
    everything = range(raffle.first_number, raffle.last_number + 1)
    sold = sorted(set(everything) - set(everything[::spacing]))
    order = make_order()
    Ticket.objects.bulk_create(
        (Ticket(raffle=raffle, number=n, order=order, price_minor=1, status="SOLD") for n in sold),
        batch_size=5000,
    )
    counts = Counter(number // BLOCK_SIZE for number in sold)
    NumberBlock.objects.bulk_create(
        NumberBlock(raffle=raffle, index=index, sold=count) for index, count in counts.items()
    )


def test_raffles_on_sale_come_in_order_of_their_draw() -> None:
    later = make_raffle(draw_at=NOW + timedelta(days=30))
    sooner = make_raffle(draw_at=NOW + timedelta(days=20))
    for status in ("DRAFT", "PAUSED", "CLOSED"):
        make_raffle(status=status)
    make_raffle(sales_open_at=NOW + timedelta(seconds=1))
    make_raffle(sales_close_at=NOW)
    make_order(raffle=later, numbers=[1, 2, 3], status=S.PAID)
    make_order(raffle=later, numbers=[4])
    make_order(raffle=later, numbers=[5], status=S.CANCELLED)
    assert [(raffle, raffle.free) for raffle in raffles_on_sale(NOW)] == [(sooner, 100), (later, 96)]


def test_the_list_of_raffles_costs_one_query_however_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        make_order(raffle=make_raffle(last_number=5000), numbers=[number, 1000 + number])
    with django_assert_num_queries(1):
        assert [raffle.free for raffle in raffles_on_sale(NOW)] == [4999] * 12


def test_availability_adds_up_to_the_range() -> None:
    raffle = make_raffle(first_number=500, last_number=2499)
    make_order(raffle=raffle, numbers=[500, 2499], status=S.PAID)
    make_order(raffle=raffle, numbers=[1000])
    assert availability(raffle) == Availability(free=1997, reserved=1, sold=2, size=2000)


def test_taken_numbers_are_named_in_order() -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[7, 3], status=S.PAID)
    make_order(raffle=raffle, numbers=[5], status=S.CANCELLED)
    assert taken_among(raffle, [9, 7, 5, 3]) == [3, 7]


def test_free_numbers_near_are_the_nearest() -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[49, 50, 51])
    assert free_numbers_near(raffle, [50], 4) == [48, 52, 47, 53]
    assert free_numbers_near(raffle, [0, 99], 4) == [1, 98, 2, 97]
    assert free_numbers_near(raffle, [50], 0) == []
    assert free_numbers_near(raffle, [], 3) == []


def test_free_numbers_are_looked_for_further_away_when_the_neighbourhood_is_sold() -> None:
    raffle = make_raffle(last_number=999)
    sell_all_but_one_in(500, raffle)
    assert free_numbers_near(raffle, [550], 3) == [500, 0]


def test_looking_for_near_numbers_stays_cheap_in_a_large_raffle(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    raffle = make_raffle(last_number=9_999_999)
    make_order(raffle=raffle, numbers=[5_000_000])
    with django_assert_num_queries(1):
        assert free_numbers_near(raffle, [5_000_000], 3) == [4_999_999, 5_000_001, 4_999_998]


def test_counters_that_lie_are_found() -> None:
    raffle = make_raffle(last_number=2000)
    make_order(raffle=raffle, numbers=[5, 1500])
    assert block_mismatches() == []
    NumberBlock.objects.filter(index=1).update(reserved=0, sold=3)
    (wrong,) = block_mismatches()
    assert (wrong.raffle_id, wrong.index, wrong.stored, wrong.counted) == (raffle.pk, 1, (0, 3), (1, 0))


def sell_a_million_but_a_thousand(raffle: Raffle) -> None:
    """Every number but the first of each block, in one statement: a million objects take long to make."""
    numbers = {
        "sqlite": "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 999999) "
        "SELECT n FROM n",
        "postgresql": "SELECT n FROM generate_series(0, 999999) AS n",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status) "  # noqa: S608
            f"SELECT %s, n, %s, 1, 'SOLD' FROM ({numbers}) AS every_number WHERE n %% 1000 <> 0",
            [raffle.pk, make_order().pk],
        )
    NumberBlock.objects.bulk_create(NumberBlock(raffle=raffle, index=i, sold=999) for i in range(1000))


def test_a_pick_of_ten_in_a_million_costs_the_same_however_much_is_sold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh, full = make_raffle(last_number=999_999), make_raffle(last_number=999_999)
    sell_a_million_but_a_thousand(full)
    assert availability(full).free == 1000
    # Its blocks exist, as those of the other.
    NumberBlock.objects.bulk_create(NumberBlock(raffle=fresh, index=i) for i in range(1000))
    rows_read: list[int] = []

    def counted_look(raffle: Raffle, indexes: Collection[int]) -> set[int]:
        taken = taken_in_blocks(raffle, indexes)
        rows_read.append(len(taken))
        return taken

    monkeypatch.setattr("raffles.numbers.claims.taken_in_blocks", counted_look)
    cost = []
    for raffle in (fresh, full):
        player = make_player()
        with CaptureQueriesContext(connection) as queries:
            reserve_random_numbers(raffle_id=raffle.pk, player_id=player.pk, count=10, now=NOW)
        cost.append(len(queries))
    assert cost[0] == cost[1]
    assert max(rows_read) <= 10 * BLOCK_SIZE
