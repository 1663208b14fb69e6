from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.numbers.actions import pause_raffle, reserve_numbers, reserve_random_numbers
from raffles.numbers.errors import (
    NotEnoughNumbers,
    NumbersTaken,
    OutsideRange,
    RaffleNotFound,
    SalesClosed,
    TooFewPerOrder,
    TooManyPerOrder,
    TooManyPerPlayer,
)
from raffles.numbers.invariants import violations
from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.numbers.queries import availability
from raffles.sales.actions import confirm_order, merge_players
from raffles.sales.errors import PlayerNotFound, Refusal
from raffles.sales.models import Actor, Order, Player
from raffles.sales.notices import Fact, OrderExpired
from tests.factories import NOW, bring_to, confirm, make_order, make_player, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status


def reserve(raffle: Raffle, *numbers: int, player: Player | None = None) -> Order:
    who = player or make_player()
    return reserve_numbers(raffle_id=raffle.pk, player_id=who.pk, numbers=numbers, now=NOW)


def reserve_random(raffle: Raffle, count: int, player: Player | None = None) -> Order:
    who = player or make_player()
    return reserve_random_numbers(raffle_id=raffle.pk, player_id=who.pk, count=count, now=NOW)


def test_reserved_numbers_make_a_draft_with_their_price() -> None:
    raffle = make_raffle()
    order = reserve(raffle, 12, 5, 12)
    assert (order.status, order.kind) == (S.DRAFT, "numbers")
    assert (order.total_minor, order.currency) == (100_000, "PYG")
    assert list(order.tickets.order_by("number").values_list("number", "price_minor", "status")) == [
        (5, 50_000, "RESERVED"),
        (12, 50_000, "RESERVED"),
    ]


def test_a_later_price_does_not_touch_what_was_reserved() -> None:
    raffle = make_raffle()
    order = reserve(raffle, 5)
    Raffle.objects.filter(pk=raffle.pk).update(price_minor=1)
    order.refresh_from_db()
    assert order.total_minor == order.tickets.get().price_minor == 50_000


def test_one_taken_number_refuses_all_and_is_named() -> None:
    raffle = make_raffle()
    reserve(raffle, 5, 7)
    with pytest.raises(NumbersTaken) as refusal:
        reserve(raffle, 4, 5, 6, 7)
    assert (refusal.value.numbers, refusal.value.labels) == ((5, 7), ("05", "07"))
    assert Ticket.objects.count() == 2
    assert Order.objects.count() == 1
    assert availability(raffle).free == 98


@pytest.mark.parametrize("status", [S.CANCELLED, S.EXPIRED, S.REFUNDED])
def test_a_number_that_came_back_is_sold_again(status: str) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[5], status=status)
    assert reserve(raffle, 5).status == S.DRAFT
    assert violations(NOW) == []


@pytest.mark.parametrize("numbers", [(-1,), (100,), (5, 1000)])
def test_a_number_outside_the_range_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(OutsideRange) as refusal:
        reserve(make_raffle(), *numbers)
    assert len(refusal.value.labels) == 1


def test_an_order_keeps_to_the_limits_of_its_raffle() -> None:
    raffle = make_raffle(min_per_order=2, max_per_order=3)
    for refusal, count in ((TooFewPerOrder, 1), (TooManyPerOrder, 4)):
        with pytest.raises(refusal):
            reserve(raffle, *range(count))
        with pytest.raises(refusal):
            reserve_random(raffle, count)
    assert reserve(raffle, 1, 2).total_minor == reserve_random(raffle, 2).total_minor


def test_no_numbers_are_too_few() -> None:
    with pytest.raises(TooFewPerOrder):
        reserve(make_raffle())
    with pytest.raises(TooFewPerOrder):
        reserve_random(make_raffle(), 0)


def test_fifty_is_the_limit_unless_the_raffle_says_otherwise() -> None:
    with pytest.raises(TooManyPerOrder) as refusal:
        reserve_random(make_raffle(), 51)
    assert refusal.value.limit == 50


def test_a_player_keeps_to_the_limit_over_all_orders() -> None:
    raffle, player = make_raffle(max_per_player=3), make_player()
    first = reserve(raffle, 1, 2, player=player)
    with pytest.raises(TooManyPerPlayer) as refusal:
        reserve_random(raffle, 2, player=player)
    assert (refusal.value.limit, refusal.value.has) == (3, 2)
    reserve(raffle, 3, 4, 5)
    bring_to(first, S.CANCELLED)
    assert reserve(raffle, 1, 2, 6, player=player).status == S.DRAFT


def test_the_limit_counts_one_raffle_at_a_time() -> None:
    player = make_player()
    for raffle in (make_raffle(max_per_player=1), make_raffle(max_per_player=1)):
        reserve(raffle, 1, player=player)


@pytest.mark.parametrize("status", ["DRAFT", "PAUSED", "CLOSED"])
def test_only_an_active_raffle_sells(status: str) -> None:
    raffle = make_raffle(status=status)
    with pytest.raises(SalesClosed):
        reserve(raffle, 1)
    with pytest.raises(SalesClosed):
        reserve_random(raffle, 1)


@pytest.mark.parametrize("seconds_after_closing", [0, 1])
def test_a_raffle_sells_inside_its_window_only(seconds_after_closing: int) -> None:
    closed = make_raffle(sales_close_at=NOW - timedelta(seconds=seconds_after_closing))
    early = make_raffle(sales_open_at=NOW + timedelta(seconds=1))
    for raffle in (closed, early):
        with pytest.raises(SalesClosed):
            reserve(raffle, 1)
    assert reserve(make_raffle(sales_open_at=NOW), 1).status == S.DRAFT


def test_a_hold_survives_the_pause_of_its_raffle_to_the_very_end() -> None:
    raffle = make_raffle()
    order = reserve(raffle, 5)
    pause_raffle(raffle_id=raffle.pk, actor=Actor.clock(), now=NOW)
    confirm_order(order_id=order.pk, now=NOW)
    confirm(order)
    order.refresh_from_db()
    assert order.status == S.PAID


def test_nobody_and_nothing_are_refused_by_name() -> None:
    raffle = make_raffle()
    with pytest.raises(PlayerNotFound):
        reserve_numbers(raffle_id=raffle.pk, player_id=404, numbers=[1], now=NOW)
    with pytest.raises(RaffleNotFound):
        reserve_numbers(raffle_id=404, player_id=make_player().pk, numbers=[1], now=NOW)
    assert not Order.objects.exists()


def test_random_numbers_are_free_distinct_and_inside_the_range() -> None:
    raffle = make_raffle(first_number=995, last_number=2004, max_per_order=500)
    for _ in range(2):
        reserve_random(raffle, 500)
    with pytest.raises(NotEnoughNumbers) as refusal:
        reserve_random(raffle, 11)
    assert refusal.value.left == 10
    reserve_random(raffle, 10)
    sold = list(Ticket.objects.order_by("number").values_list("number", flat=True))
    assert sold == list(range(995, 2005))
    assert availability(raffle).free == 0
    assert violations(NOW) == []


def test_a_random_pick_gives_up_when_the_counters_lie() -> None:
    raffle = make_raffle(last_number=9)
    reserve(raffle, *range(9))
    NumberBlock.objects.update(reserved=8)
    with pytest.raises(NotEnoughNumbers):
        reserve_random(raffle, 2)


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT])
def test_a_hold_that_ran_out_stands_in_nobodys_way(status: str, heard: list[Fact]) -> None:
    raffle = make_raffle(last_number=1)
    overdue = make_order(raffle=raffle, numbers=[0, 1], status=status)
    late = NOW + timedelta(minutes=15)
    player = make_player()
    with pytest.raises(NumbersTaken):
        reserve_numbers(
            raffle_id=raffle.pk, player_id=player.pk, numbers=[1], now=late - timedelta(seconds=1)
        )
    order = reserve_numbers(raffle_id=raffle.pk, player_id=player.pk, numbers=[1], now=late)
    overdue.refresh_from_db()
    assert (overdue.status, order.status) == (S.EXPIRED, S.DRAFT)
    assert heard == [OrderExpired(overdue)]
    assert violations(late) == []


def test_ones_own_hold_that_ran_out_counts_no_more() -> None:
    raffle, player = make_raffle(last_number=5, max_per_player=3), make_player()
    reserve(raffle, 1, 2, 3, player=player)
    late = NOW + timedelta(minutes=15)
    order = reserve_random_numbers(raffle_id=raffle.pk, player_id=player.pk, count=3, now=late)
    assert order.status == S.DRAFT


def test_a_refused_claim_leaves_no_counter_behind() -> None:
    raffle = make_raffle()
    reserve(raffle, 5)
    with pytest.raises(Refusal):
        reserve(raffle, 4, 5)
    assert NumberBlock.objects.get().reserved == 1


@pytest.mark.parametrize("limit", [None, 3])
def test_who_was_merged_away_buys_as_the_one_who_was_kept(limit: int | None) -> None:
    """A program keeps the id that it was given; the numbers and the money must not go to nobody."""
    raffle, keep, gone = make_raffle(max_per_player=limit), make_player(), make_player()
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)
    assert reserve(raffle, 5, player=gone).player == reserve_random(raffle, 1, player=gone).player == keep


def test_a_limit_counts_what_the_one_who_was_kept_has() -> None:
    raffle, keep, gone = make_raffle(max_per_player=2), make_player(), make_player()
    reserve(raffle, 1, 2, player=keep)
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)
    with pytest.raises(TooManyPerPlayer):
        reserve(raffle, 3, player=gone)
