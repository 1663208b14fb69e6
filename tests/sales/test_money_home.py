"""Any order of arrivals, in currencies with 0, 2 and 3 decimals: no unit of money is ever without a home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet, Sum
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from raffles.numbers.actions import close_raffle, reserve_numbers
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    confirm_payment,
    drop_refund,
    expire_orders,
    make_refund,
    merge_players,
    pay_with_credit,
    record_payment,
    refund_order,
    reject_proof,
    request_refund,
)
from raffles.sales.errors import Refusal
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Actor, CreditEntry, Order, Payment, Player, PlayerCredit, Refund
from raffles.sales.money import minor_digits
from tests.factories import NOW, make_player, make_proof, make_raffle, make_staff

PRICES = {"PYG": 50_000, "USD": 1_999, "KWD": 1_251}  # 0, 2 and 3 decimals
SOURCES = {0: "PYG", 2: "USD", 3: "KWD"}
places = st.integers(0, 30)
amounts = st.sampled_from(["less", "rest", "equal", "more", "nothing"])
references = st.sampled_from(["", "", "", "A 1", "a-1", "B2", "c3"])


class Money(RuleBasedStateMachine):
    now: datetime
    raffles: list[Raffle]
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
        self.raffles = [
            make_raffle(price_minor=price, currency=currency, last_number=5)
            for currency, price in PRICES.items()
        ]
        self.players = [make_player(), make_player()]
        self.staff = make_staff()

    def attempt(self, action: Callable[[], object]) -> None:
        """A refusal moves no money; any other error is a defect."""
        entries = CreditEntry.objects.count(), Payment.objects.count()
        try:
            action()
        except Refusal:
            assert (CreditEntry.objects.count(), Payment.objects.count()) == entries

    def order_at(self, place: int) -> Order:
        orders = list(Order.objects.order_by("-pk")[:8])
        return orders[place % len(orders)] if orders else Order(pk=404, total_minor=1, currency="PYG")

    def player_at(self, place: int) -> Player:
        return self.players[place % len(self.players)]

    def refund_at(self, place: int) -> int:
        ids = list(Refund.objects.order_by("pk").values_list("pk", flat=True))
        return ids[place % len(ids)] if ids else 404

    @rule(place=places, who=places, numbers=st.sets(st.integers(0, 5), min_size=1, max_size=3))
    def reserve_and_confirm(self, place: int, who: int, numbers: set[int]) -> None:
        raffle = self.raffles[place % len(self.raffles)]

        def buy() -> None:
            order = reserve_numbers(
                raffle_id=raffle.pk, player_id=self.player_at(who).pk, numbers=numbers, now=self.now
            )
            if who % 3:
                confirm_order(order_id=order.pk, now=self.now)

        self.attempt(buy)

    @rule(which=places)
    def send_proof(self, which: int) -> None:
        self.attempt(lambda: make_proof(self.order_at(which), content=b"%PDF-1.4 a transfer", now=self.now))

    @rule(which=places)
    def reject(self, which: int) -> None:
        self.attempt(
            lambda: reject_proof(
                order_id=self.order_at(which).pk, by=self.staff, reason="unreadable", now=self.now
            )
        )

    @rule(which=places, amount=amounts, reference=references)
    def confirm_money(self, which: int, amount: str, reference: str) -> None:
        order = self.order_at(which)
        came = {
            "less": max(order.total_minor // 3, 1),
            "rest": None,
            "equal": order.total_minor,
            "more": order.total_minor + 7,
            "nothing": 0,
        }[amount]
        self.attempt(
            lambda: confirm_payment(
                order_id=order.pk,
                by=self.staff,
                amount_minor=came,
                method="transfer",
                reference=reference,
                now=self.now,
            )
        )

    @rule(who=places, which=places, amount=st.integers(0, 60_000), reference=references)
    def record_money(self, who: int, which: int, amount: int, reference: str) -> None:
        order = self.order_at(which)
        self.attempt(
            lambda: record_payment(
                player_id=self.player_at(who).pk,
                order_id=order.pk if which % 2 else None,
                currency=order.currency,
                amount_minor=amount,
                method="",
                reference=reference,
                by=self.staff,
                now=self.now,
            )
        )

    @rule(which=places)
    def use_credit(self, which: int) -> None:
        self.attempt(lambda: pay_with_credit(order_id=self.order_at(which).pk, by=self.staff, now=self.now))

    @rule(which=places, by_staff=st.booleans())
    def cancel(self, which: int, by_staff: bool) -> None:
        actor = Actor.staff(self.staff) if by_staff else Actor.player()
        self.attempt(
            lambda: cancel_order(order_id=self.order_at(which).pk, actor=actor, reason="", now=self.now)
        )

    @rule(which=places)
    def refund_an_order(self, which: int) -> None:
        self.attempt(
            lambda: refund_order(
                order_id=self.order_at(which).pk, by=self.staff, reason="asked", now=self.now
            )
        )

    @rule(who=places, amount=st.integers(-1, 120_000), currency=st.sampled_from(sorted(PRICES)))
    def refund_credit(self, who: int, amount: int, currency: str) -> None:
        self.attempt(
            lambda: request_refund(
                player_id=self.player_at(who).pk,
                currency=currency,
                amount_minor=amount,
                destination="",
                reason="asked",
                by=self.staff,
                now=self.now,
            )
        )

    @rule(which=places)
    def send_refund(self, which: int) -> None:
        self.attempt(
            lambda: make_refund(
                refund_id=self.refund_at(which), by=self.staff, reference="77", evidence=None, now=self.now
            )
        )

    @rule(which=places)
    def drop(self, which: int) -> None:
        self.attempt(
            lambda: drop_refund(
                refund_id=self.refund_at(which), by=self.staff, reason="wrong account", now=self.now
            )
        )

    @rule(minutes=st.integers(1, 40))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        expire_orders(now=self.now)

    @rule(place=places)
    def a_raffle_closes(self, place: int) -> None:
        if place > 25:
            self.attempt(
                lambda: close_raffle(raffle_id=self.raffles[place % 3].pk, actor=Actor.clock(), now=self.now)
            )

    @rule(place=places)
    def the_players_are_one(self, place: int) -> None:
        if place > 25:
            keep, gone = self.players
            merge_players(keep_id=keep.pk, gone_id=gone.pk, now=self.now)

    @invariant()
    def confirmed_is_sold_credit_and_refunded(self) -> None:
        for player_id in Player.objects.values_list("pk", flat=True):
            for currency in PRICES:
                mine = {"player_id": player_id, "currency": currency}
                came = total(Payment.objects.filter(**mine), "amount_minor")
                sold = total(Order.objects.filter(**mine, status="PAID"), "total_minor")
                credit = total(PlayerCredit.objects.filter(**mine), "balance_minor")
                back = total(Refund.objects.filter(**mine).exclude(status="DROPPED"), "amount_minor")
                assert came == sold + credit + back
                assert credit >= 0

    @invariant()
    def who_paid_has_every_number_and_nobody_has_it_twice(self) -> None:
        for order in Order.objects.filter(status="PAID"):
            statuses = set(order.tickets.values_list("status", flat=True))
            assert statuses == {Ticket.Status.SOLD}
        live = list(Ticket.objects.exclude(status=Ticket.Status.RELEASED).values_list("raffle_id", "number"))
        assert len(live) == len(set(live))

    @invariant()
    def the_books_are_right(self) -> None:
        if hasattr(self, "now"):
            assert [*sales_violations(self.now), *number_violations(self.now)] == []


def total(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def test_the_currencies_have_none_two_and_three_decimals() -> None:
    assert {minor_digits(currency): currency for currency in PRICES} == SOURCES


@pytest.mark.django_db
def test_no_unit_of_money_is_ever_without_a_home() -> None:
    run_state_machine_as_test(
        Money, settings=hypothesis_settings(max_examples=20, stateful_step_count=30, deadline=None)
    )
