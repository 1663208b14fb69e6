from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.sales.actions import (
    change_language,
    expire_orders,
    merge_players,
    register_player,
    resume_news,
    stop_news,
)
from raffles.sales.errors import OrderNotFound, PlayerNotFound
from raffles.sales.models import Order
from raffles.sales.queries import (
    late_candidates,
    living_player,
    open_orders,
    order_by_code,
    orders_awaiting_payment,
    recent_orders,
)
from tests.factories import NOW, make_order, make_player, make_raffle

pytestmark = pytest.mark.django_db

S = Order.Status
LATER = NOW + timedelta(hours=1)


def test_a_player_is_registered_with_what_is_known() -> None:
    player = register_player(name="  Ana ", language="pt-br", phone="", now=NOW)
    player.refresh_from_db()
    assert (player.name, player.language, player.phone, player.created_at) == ("Ana", "pt-br", "", NOW)


def test_a_player_changes_language() -> None:
    player = make_player()
    change_language(player_id=player.pk, language="en")
    player.refresh_from_db()
    assert player.language == "en"


def test_the_first_stop_counts_until_news_are_wanted_again() -> None:
    player = make_player()
    stop_news(player_id=player.pk, now=NOW)
    stop_news(player_id=player.pk, now=LATER)
    player.refresh_from_db()
    assert player.news_stopped_at == NOW
    resume_news(player_id=player.pk)
    player.refresh_from_db()
    assert player.news_stopped_at is None


def test_a_player_who_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(PlayerNotFound):
        change_language(player_id=0, language="en")
    with pytest.raises(PlayerNotFound):
        stop_news(player_id=0, now=NOW)
    with pytest.raises(PlayerNotFound):
        resume_news(player_id=0)
    with pytest.raises(PlayerNotFound):
        merge_players(keep_id=0, gone_id=make_player().pk, now=NOW)


def test_merging_moves_the_orders_fills_the_gaps_and_keeps_the_stop() -> None:
    keep = make_player(phone="", city="Asunción")
    gone = make_player(name="Ana María", phone="595981000001", city="Luque", news_stopped_at=NOW)
    order = make_order(player=gone)

    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)

    for each in (keep, gone, order):
        each.refresh_from_db()
    assert order.player == keep
    assert (keep.name, keep.phone, keep.city) == ("Ana", "595981000001", "Asunción")
    assert keep.news_stopped_at == NOW
    assert (gone.merged_into, gone.merged_at) == (keep, NOW)


def test_merging_again_changes_nothing_but_takes_orders_that_came_in_between() -> None:
    keep, gone = make_player(), make_player()
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)
    order = make_order(player=gone)
    for _ in range(2):
        assert merge_players(keep_id=keep.pk, gone_id=gone.pk, now=LATER) == keep
    order.refresh_from_db()
    gone.refresh_from_db()
    assert (order.player, gone.merged_at) == (keep, NOW)


def test_merging_in_a_chain_leaves_one_player() -> None:
    first, second, third = make_player(), make_player(), make_player()
    merge_players(keep_id=second.pk, gone_id=first.pk, now=NOW)
    merge_players(keep_id=third.pk, gone_id=second.pk, now=NOW)
    assert merge_players(keep_id=first.pk, gone_id=third.pk, now=NOW) == third
    first.refresh_from_db()
    assert living_player(first) == third


def test_an_order_is_found_by_its_code_however_it_was_typed() -> None:
    order = make_order()
    assert order_by_code(f" {order.code.lower()} ") == order
    with pytest.raises(OrderNotFound):
        order_by_code("NOPE00")


def test_lists_of_orders_are_the_players_own_newest_first() -> None:
    player, raffle = make_player(), make_raffle()
    orders = {
        status: make_order(
            raffle=raffle, player=player, numbers=[number], status=status, now=NOW + timedelta(minutes=number)
        )
        for number, status in enumerate(
            (S.PAID, S.UNDER_REVIEW, S.PENDING_PAYMENT, S.DRAFT, S.CANCELLED), start=1
        )
    }
    make_order(raffle=raffle, numbers=[50], status=S.PENDING_PAYMENT)

    assert open_orders(player.pk) == [orders[S.DRAFT], orders[S.PENDING_PAYMENT], orders[S.UNDER_REVIEW]]
    assert orders_awaiting_payment(player.pk) == [orders[S.PENDING_PAYMENT]]
    assert recent_orders(player.pk, 2) == [orders[S.CANCELLED], orders[S.DRAFT]]


def test_a_late_payment_may_be_meant_for_an_order_that_expired_within_a_week() -> None:
    player = make_player()
    order = make_order(player=player, status=S.EXPIRED)
    assert order.closed_at is not None
    assert late_candidates(player.pk, NOW) == [order]
    assert late_candidates(player.pk, order.closed_at + timedelta(days=7)) == [order]
    assert late_candidates(player.pk, order.closed_at + timedelta(days=7, seconds=1)) == []
    assert late_candidates(make_player().pk, NOW) == []


def test_money_may_come_for_an_order_that_was_never_confirmed() -> None:
    draft = make_order(status=S.DRAFT)
    expire_orders(now=NOW + timedelta(hours=1))
    assert late_candidates(draft.player_id, NOW + timedelta(hours=2)) == [draft]
