"""Two players become one while one of them is paying: no money is lost, and nobody is refused for it."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from pytest_django import Settings

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.invariants import violations as number_violations
from raffles.sales.actions import confirm_payment, make_refund, merge_players, record_payment, refund_order
from raffles.sales.errors import MergedAlready
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.lifecycle import due_refund, locked_order, locked_player
from raffles.sales.models import CreditEntry, Order, Payment, Player
from raffles.sales.queries import credits_of
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff
from tests.races.conftest import Race
from whatsapp.contacts import ensure_contact
from whatsapp.models import OutboundMessage

pytestmark = pytest.mark.django_db(transaction=True)
S = Order.Status
ROUNDS = 6
MERGING = sys.modules["raffles.sales.actions.merge_players"]


def wrong() -> list[str]:
    return [*sales_violations(NOW), *number_violations(NOW)]


def merging_of(keep: Player, gone: Player, by: User) -> partial[Player]:
    return partial(merge_players, keep_id=keep.pk, gone_id=gone.pk, by=by, now=NOW)


def paying(order: Order, by: User) -> partial[Payment]:
    given: dict[str, Any] = {"amount_minor": order.total_minor + 5, "method": "transfer", "reference": ""}
    return partial(confirm_payment, order_id=order.pk, by=by, now=NOW, **given)


@pytest.mark.postgres
@pytest.mark.parametrize("whose", ["keep", "gone"])
def test_an_order_is_confirmed_while_its_player_is_merged(race: Race, whose: str) -> None:
    staff, raffle = make_staff(), make_raffle()
    for number in range(ROUNDS):
        keep, gone = make_player(), make_player()
        order = make_order(
            raffle=raffle, player=keep if whose == "keep" else gone, numbers=[number], status=S.UNDER_REVIEW
        )
        outcomes = race([paying(order, staff), merging_of(keep, gone, staff)])
        assert [type(one) for one in outcomes] == [Payment, Player], outcomes
        order.refresh_from_db()
        assert (order.status, order.player) == (S.PAID, keep)
        assert (credits_of(keep.pk), credits_of(gone.pk)) == ([(5, "PYG")], [])
        assert not CreditEntry.objects.filter(player=gone).exists()
    assert wrong() == []


@pytest.mark.postgres
def test_a_confirmation_that_waited_for_the_merge_finds_its_order(race: Race) -> None:
    """The row was joined to the player it had before; PostgreSQL drops such a row once it is locked."""
    staff = make_staff()
    keep, gone = make_player(), make_player()
    order = make_order(player=gone, status=S.UNDER_REVIEW)
    has_merged, asked = threading.Event(), threading.Event()

    def merge_slowly() -> Player:
        with transaction.atomic():
            kept = merging_of(keep, gone, staff)()
            has_merged.set()
            assert asked.wait(60)
            wait_for_somebody_at_the_lock()
            return kept

    def look() -> int:
        assert has_merged.wait(60)
        with transaction.atomic():
            asked.set()
            return locked_order(order.pk).player_id

    kept, player_id = race([merge_slowly, look])
    assert (kept, player_id) == (keep, keep.pk)


def wait_for_somebody_at_the_lock() -> None:
    """Asks the database itself, so that nothing depends on how fast this machine is."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with connection.cursor() as cursor:
        for _ in range(100_000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to the lock")


def test_merged_by_two_at_once_it_is_done_once(race: Race) -> None:
    keep, gone = make_player(), make_player()
    outcomes = race([merging_of(keep, gone, make_staff()) for _ in range(4)])
    assert Counter(map(type, outcomes)) == {Player: 1, MergedAlready: 3}
    assert Player.objects.get(pk=gone.pk).merged_into == keep


@pytest.mark.postgres
def test_merged_into_two_at_once_it_goes_to_one(race: Race) -> None:
    """Money and all: what one got the other has no part of."""
    one, other, gone = make_player(), make_player(), make_player()
    record_payment(
        player_id=gone.pk, currency="PYG", amount_minor=9, method="", reference="", by=make_staff(), now=NOW
    )
    outcomes = race([merging_of(keep, gone, make_staff()) for keep in (one, other)])
    assert Counter(map(type, outcomes)) == {Player: 1, MergedAlready: 1}
    kept = Player.objects.get(pk=gone.pk).merged_into
    assert {credits_of(player.pk) == [(9, "PYG")] for player in (one, other) if player == kept} == {True}
    assert wrong() == []


@pytest.fixture
def nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MERGING, "_require_two", lambda *_: None)


@pytest.mark.postgres
@pytest.mark.usefixtures("nobody_asks")
def test_without_asking_after_the_lock_both_believe_they_have_merged(race: Race) -> None:
    one, other, gone = make_player(), make_player(), make_player()
    outcomes = race([merging_of(keep, gone, make_staff()) for keep in (one, other)])
    assert outcomes == [one, other]


@pytest.mark.postgres
def test_who_buys_while_merged_leaves_no_order_behind(race: Race) -> None:
    staff, raffle = make_staff(), make_raffle()
    for number in range(ROUNDS):
        keep, gone = make_player(), make_player()
        buying = partial(reserve_numbers, raffle_id=raffle.pk, player_id=gone.pk, numbers=[number], now=NOW)
        outcomes = race([buying, merging_of(keep, gone, staff)])
        assert [type(one) for one in outcomes] == [Order, Player], outcomes
        assert (keep.orders.count(), gone.orders.count()) == (1, 0)
    assert wrong() == []


@pytest.mark.postgres
def test_a_purchase_waits_for_the_merge_of_its_player(race: Race) -> None:
    """Had it only read the player, its order would be that of somebody who is nobody any more."""
    staff, raffle, keep, gone = make_staff(), make_raffle(), make_player(), make_player()
    has_merged = threading.Event()

    def merge_slowly() -> Player:
        with transaction.atomic():
            kept = merging_of(keep, gone, staff)()
            has_merged.set()
            wait_for_somebody_at_the_lock()
            return kept

    def buy() -> Order:
        assert has_merged.wait(60)
        return reserve_numbers(raffle_id=raffle.pk, player_id=gone.pk, numbers=[1], now=NOW)

    outcomes = race([merge_slowly, buy])
    assert [type(one) for one in outcomes] == [Player, Order], outcomes
    assert outcomes[1].player == keep


def deciding_of_an_order(player: Player, staff: User) -> tuple[Any, Any]:
    order = make_order(player=player, status=S.UNDER_REVIEW)
    return paying(order, staff), partial(locked_order, order.pk)


def deciding_of_a_refund(player: Player, staff: User) -> tuple[Any, Any]:
    order = make_order(player=player, status=S.PAID)
    refund = refund_order(order_id=order.pk, by=staff, reason="Sold twice", now=NOW)
    given: dict[str, Any] = {"reference": "T-1", "evidence": None}
    return (
        partial(make_refund, refund_id=refund.pk, by=staff, now=NOW, **given),
        partial(due_refund, refund.pk),
    )


def deciding_of_a_player(player: Player, staff: User) -> tuple[Any, Any]:
    given: dict[str, Any] = {"currency": "PYG", "amount_minor": 7, "method": "", "reference": ""}
    return (
        partial(record_payment, player_id=player.pk, by=staff, now=NOW, **given),
        partial(locked_player, player.pk),
    )


DECISIONS = {
    "order": deciding_of_an_order,
    "refund": deciding_of_a_refund,
    "player": deciding_of_a_player,
}


@pytest.mark.postgres
@pytest.mark.parametrize("chats", [1, 2])
@pytest.mark.parametrize("what", ["order", "refund", "player"])
def test_who_decides_while_two_chats_become_one_waits_for_it_and_is_not_undone(
    race: Race, settings: Settings, what: str, chats: int
) -> None:
    """What staff decide is told to a chat, which the merge takes away: neither may wait for the other."""
    settings.RAFFLES_LISTENERS = ["whatsapp.contacts.hear", "whatsapp.notices.hear"]
    staff = make_staff()
    gone = ensure_contact(wa_id="5959811", name="Ana", now=NOW)[0].player
    keep = ensure_contact(wa_id="5959822", name="Ana", now=NOW)[0].player if chats == 2 else make_player()
    has_begun = threading.Event()
    decide, lock = DECISIONS[what](gone, staff)

    def decide_slowly() -> Any:
        with transaction.atomic():
            lock()
            has_begun.set()
            wait_for_somebody_at_the_lock()
            return decide()

    def merge() -> Player:
        assert has_begun.wait(60)
        return merging_of(keep, gone, staff)()

    outcomes = race([decide_slowly, merge])
    assert [isinstance(one, Exception) for one in outcomes] == [False, False], outcomes
    assert (gone.orders.count(), gone.payments.count(), gone.refunds.count()) == (0, 0, 0)
    assert wrong() == []
    assert set(OutboundMessage.objects.values_list("contact__player", flat=True)) == {keep.pk}
