"""Any order of events, with a clock that moves: what must hold, holds after every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from raffles.numbers.actions import close_raffle, reserve_numbers, reserve_random_numbers
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import availability
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    expire_orders,
    merge_players,
    refund_order,
    reject_proof,
    request_cancel,
)
from raffles.sales.errors import Refusal
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Actor, Order, Player
from tests.factories import NOW, confirm, make_player, make_proof, make_raffle, make_staff

numbers = st.sets(st.integers(-1, 12), max_size=5)
places = st.integers(0, 30)


class Selling(RuleBasedStateMachine):
    now: datetime
    raffle: Raffle
    players: list[Player]
    staff: User

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize()
    def open_the_shop(self) -> None:
        self.now = NOW
        self.raffle = make_raffle(last_number=11, max_per_order=4, max_per_player=6)
        self.players = [make_player(), make_player()]
        self.staff = make_staff()

    def attempt(self, action: Callable[[], object]) -> None:
        """A refusal changes nothing, but for holds that had run out; any other error is a defect."""
        rows, overdue = self.rows(), Order.objects.filter(expires_at__lte=self.now).exists()
        try:
            action()
        except Refusal:
            assert overdue or self.rows() == rows

    def rows(self) -> list[object]:
        return [
            *Order.objects.order_by("pk").values_list("pk", "status", "expires_at", "late_since"),
            *Ticket.objects.order_by("pk").values_list("pk", "status"),
        ]

    def order_at(self, place: int) -> int:
        ids = list(Order.objects.order_by("pk").values_list("pk", flat=True))
        return ids[place % len(ids)] if ids else 404

    def player_at(self, place: int) -> int:
        return self.players[place % len(self.players)].pk

    @rule(wanted=numbers, who=places)
    def reserve(self, wanted: set[int], who: int) -> None:
        self.attempt(
            lambda: reserve_numbers(
                raffle_id=self.raffle.pk, player_id=self.player_at(who), numbers=wanted, now=self.now
            )
        )

    @rule(count=st.integers(0, 5), who=places)
    def reserve_random(self, count: int, who: int) -> None:
        self.attempt(
            lambda: reserve_random_numbers(
                raffle_id=self.raffle.pk, player_id=self.player_at(who), count=count, now=self.now
            )
        )

    @rule(which=places)
    def confirm(self, which: int) -> None:
        self.attempt(lambda: confirm_order(order_id=self.order_at(which), now=self.now))

    @rule(which=places)
    def send_proof(self, which: int) -> None:
        order = Order(pk=self.order_at(which))
        self.attempt(lambda: make_proof(order, content=b"%PDF-1.4 a transfer", now=self.now))

    @rule(which=places)
    def confirm_payment(self, which: int) -> None:
        order = Order(pk=self.order_at(which))
        self.attempt(lambda: confirm(order, by=self.staff, now=self.now))

    @rule(which=places)
    def reject(self, which: int) -> None:
        self.attempt(
            lambda: reject_proof(
                order_id=self.order_at(which), by=self.staff, reason="unreadable", now=self.now
            )
        )

    @rule(which=places, by_staff=st.booleans())
    def cancel(self, which: int, by_staff: bool) -> None:
        actor = Actor.staff(self.staff) if by_staff else Actor.player()
        self.attempt(
            lambda: cancel_order(order_id=self.order_at(which), actor=actor, reason="", now=self.now)
        )

    @rule(which=places)
    def ask_to_cancel(self, which: int) -> None:
        self.attempt(lambda: request_cancel(order_id=self.order_at(which), now=self.now))

    @rule(which=places)
    def refund(self, which: int) -> None:
        self.attempt(
            lambda: refund_order(order_id=self.order_at(which), by=self.staff, reason="asked", now=self.now)
        )

    @rule(minutes=st.integers(1, 40))
    def time_passes_and_the_sweep_comes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        expire_orders(now=self.now)

    @rule(minutes=st.integers(1, 4))
    def time_passes_without_a_sweep(self, minutes: int) -> None:
        if not Order.objects.filter(expires_at__lte=self.now).exists():
            self.now += timedelta(minutes=minutes)

    @rule()
    def the_players_are_one(self) -> None:
        keep, gone = self.players
        merge_players(keep_id=keep.pk, gone_id=gone.pk, now=self.now)

    @rule()
    def the_raffle_closes(self) -> None:
        self.attempt(lambda: close_raffle(raffle_id=self.raffle.pk, actor=Actor.clock(), now=self.now))

    @invariant()
    def nothing_is_violated(self) -> None:
        if hasattr(self, "now"):
            assert [*sales_violations(self.now), *number_violations(self.now)] == []

    @invariant()
    def no_number_has_two_holders(self) -> None:
        live = list(Ticket.objects.exclude(status=Ticket.Status.RELEASED).values_list("number", flat=True))
        assert len(live) == len(set(live))

    @invariant()
    def free_and_claimed_add_up(self) -> None:
        if hasattr(self, "raffle"):
            found = availability(self.raffle)
            assert found.free + found.reserved + found.sold == found.size == 12
            assert min(found.free, found.reserved, found.sold) >= 0


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_the_books_are_right() -> None:
    run_state_machine_as_test(
        Selling, settings=hypothesis_settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
