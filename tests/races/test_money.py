"""Money reached for twice at once: each race with its guard on, and off, where the defect shows."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle
from raffles.sales import ledger
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    confirm_payment,
    drop_refund,
    expire_orders,
    make_refund,
    pay_with_credit,
    record_payment,
    refund_order,
    request_refund,
)
from raffles.sales.errors import (
    CreditTooSmall,
    MoveNotAllowed,
    OrderMoved,
    ReferenceUsed,
    RefundDecided,
    Refusal,
)
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.lifecycle import move_order
from raffles.sales.models import Actor, Order, Payment, Player, PlayerCredit, Refund
from raffles.sales.queries import credit_of
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff
from tests.races.conftest import Outcome, Race

pytestmark = pytest.mark.django_db(transaction=True)

S = Order.Status
PRICE = 50_000


def kinds(outcomes: list[Outcome]) -> Counter[type]:
    return Counter(type(outcome) for outcome in outcomes)


def wrong() -> list[str]:
    return [*sales_violations(NOW), *number_violations(NOW)]


def paying(order: Order, staff: User, reference: str = "", amount: int | None = None) -> partial[Payment]:
    return partial(
        confirm_payment,
        order_id=order.pk,
        by=staff,
        amount_minor=amount,
        method="transfer",
        reference=reference,
        now=NOW,
    )


def giving_back(player: Player, staff: User, amount: int, currency: str = "PYG") -> partial[Refund]:
    return partial(
        request_refund,
        player_id=player.pk,
        currency=currency,
        amount_minor=amount,
        destination="",
        reason="asked",
        by=staff,
        now=NOW,
    )


def rich(staff: User, amount: int) -> Player:
    player = make_player()
    record_payment(
        player_id=player.pk,
        currency="PYG",
        amount_minor=amount,
        method="",
        reference="",
        by=staff,
        now=NOW,
    )
    return player


def unpaid(player: Player, raffle: Raffle, count: int) -> list[Order]:
    return [
        make_order(raffle=raffle, player=player, numbers=[n], status=S.PENDING_PAYMENT) for n in range(count)
    ]


def test_credit_for_one_order_pays_one_of_six(race: Race) -> None:
    staff = make_staff()
    player = rich(staff, PRICE)
    orders = unpaid(player, make_raffle(), 6)
    outcomes = race([partial(pay_with_credit, order_id=order.pk, by=staff, now=NOW) for order in orders])
    assert kinds(outcomes) == {Order: 1, CreditTooSmall: 5}
    assert credit_of(player.pk, "PYG") == 0
    assert wrong() == []


def test_credit_is_spent_or_given_back_and_never_both(race: Race) -> None:
    staff = make_staff()
    player = rich(staff, PRICE)
    (order,) = unpaid(player, make_raffle(), 1)
    spend = partial(pay_with_credit, order_id=order.pk, by=staff, now=NOW)
    outcomes = race([spend, giving_back(player, staff, PRICE)])
    assert kinds(outcomes)[CreditTooSmall] == 1
    assert wrong() == []


@pytest.mark.postgres
def test_with_a_balance_that_is_read_and_then_written_credit_is_spent_twice(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff()
    player = rich(staff, PRICE)
    (order,) = unpaid(player, make_raffle(), 1)
    both_have_read = threading.Barrier(2, timeout=60)

    def read_then_write(player_id: int, currency: str, amount_minor: int) -> None:
        balance = credit_of(player_id, currency)
        both_have_read.wait()
        PlayerCredit.objects.filter(player_id=player_id).update(balance_minor=balance + amount_minor)

    monkeypatch.setattr(ledger, "_move_balance", read_then_write)
    spend = partial(pay_with_credit, order_id=order.pk, by=staff, now=NOW)
    outcomes = race([spend, giving_back(player, staff, PRICE)])
    assert kinds(outcomes) == {Order: 1, Refund: 1}
    assert len(wrong()) == 2


def test_one_transfer_pays_one_of_six_orders_of_six_players(race: Race) -> None:
    staff, raffle = make_staff(), make_raffle()
    orders = [make_order(raffle=raffle, numbers=[n], status=S.UNDER_REVIEW) for n in range(6)]
    outcomes = race([paying(order, staff, reference="TRX 1") for order in orders])
    assert kinds(outcomes) == {Payment: 1, ReferenceUsed: 5}
    assert Order.objects.filter(status=S.PAID).count() == 1
    assert wrong() == []


@pytest.mark.postgres
@pytest.mark.usefixtures("no_single_reference")
def test_without_the_unique_reference_one_transfer_pays_two_orders(race: Race) -> None:
    staff, raffle = make_staff(), make_raffle()
    orders = [make_order(raffle=raffle, numbers=[n], status=S.UNDER_REVIEW) for n in range(2)]
    outcomes = race([paying(order, staff, reference="TRX 1") for order in orders])
    assert kinds(outcomes) == {Payment: 2}


def test_cancelled_or_paid_but_money_is_never_lost(race: Race) -> None:
    staff, raffle = make_staff(), make_raffle()
    orders = [make_order(raffle=raffle, numbers=[n], status=S.PENDING_PAYMENT) for n in range(4)]
    cancels = [
        partial(cancel_order, order_id=order.pk, actor=Actor.player(), reason="", now=NOW) for order in orders
    ]
    outcomes = race([*(paying(order, staff) for order in orders), *cancels])
    assert kinds(outcomes)[MoveNotAllowed] == 4
    assert wrong() == []


def test_a_confirm_that_read_before_the_cancel_is_refused_by_the_old_status() -> None:
    stale = make_order(status=S.PENDING_PAYMENT)
    cancel_order(order_id=stale.pk, actor=Actor.player(), reason="", now=NOW)
    with pytest.raises(OrderMoved):
        move_order(stale, to=S.PAID, now=NOW, actor=Actor.staff(make_staff()))
    assert wrong() == []


def test_without_asking_for_the_old_status_a_cancelled_order_would_be_paid() -> None:
    stale = make_order(status=S.PENDING_PAYMENT)
    cancel_order(order_id=stale.pk, actor=Actor.player(), reason="", now=NOW)
    Order.objects.filter(pk=stale.pk).update(status=S.PAID)
    assert sales_violations(NOW) != []
    assert number_violations(NOW) != []


def test_a_refund_is_sent_or_dropped_once(race: Race) -> None:
    staff = make_staff()
    refund = giving_back(rich(staff, PRICE), staff, PRICE)()
    sends = [
        partial(make_refund, refund_id=refund.pk, by=staff, reference="77", evidence=None, now=NOW)
        for _ in range(3)
    ]
    drops = [partial(drop_refund, refund_id=refund.pk, by=staff, reason="x", now=NOW) for _ in range(3)]
    outcomes = race([*sends, *drops])
    assert kinds(outcomes) == {Refund: 1, RefundDecided: 5}
    assert wrong() == []


def any_step(
    luck: random.Random, raffles: list[Raffle], players: list[Player], staff: User
) -> Callable[[], Any]:
    """One thing that staff, a player or the clock might do now, to whatever order is there."""
    orders = list(Order.objects.values_list("pk", flat=True)) or [404]
    refunds = list(Refund.objects.values_list("pk", flat=True)) or [404]
    order, refund, player = Order(pk=luck.choice(orders)), luck.choice(refunds), luck.choice(players)
    amount = luck.choice([None, None, 1, PRICE, PRICE * 2 + 1])
    numbers = luck.sample(range(12), luck.randint(1, 3))
    raffle, now = luck.choice(raffles), NOW + timedelta(minutes=luck.choice([0, 0, 0, 16, 40]))
    steps: list[Callable[[], Any]] = [
        partial(reserve_numbers, raffle_id=raffle.pk, player_id=player.pk, numbers=numbers, now=NOW),
        partial(reserve_numbers, raffle_id=raffle.pk, player_id=player.pk, numbers=numbers, now=NOW),
        partial(confirm_order, order_id=order.pk, now=NOW),
        partial(make_proof, order, content=b"%PDF-1.4 a transfer", source_key=str(luck.random()), now=NOW),
        paying(order, staff, luck.choice(["", "A1", "b2", "C-3"]), amount),
        paying(order, staff, "", amount),
        partial(pay_with_credit, order_id=order.pk, by=staff, now=NOW),
        partial(cancel_order, order_id=order.pk, actor=Actor.staff(staff), reason="", now=NOW),
        partial(refund_order, order_id=order.pk, by=staff, reason="asked", now=NOW),
        giving_back(player, staff, luck.choice([1, PRICE, PRICE * 2]), raffle.currency),
        partial(make_refund, refund_id=refund, by=staff, reference="77", evidence=None, now=NOW),
        partial(drop_refund, refund_id=refund, by=staff, reason="x", now=NOW),
        partial(expire_orders, now=now),
    ]
    return luck.choice(steps)


def have_paid() -> set[str]:
    return set(Payment.objects.values_list("currency", flat=True))


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_unit_of_money_is_lost_however_many_reach_for_it_at_once(race: Race, seed: int) -> None:
    """In currencies of no, two and three decimals, whose units are never to mix."""
    raffles = [make_raffle(last_number=11, currency=currency) for currency in ("PYG", "BRL", "KWD")]
    players, staff = [make_player(), make_player()], make_staff()

    def many(seed: int) -> list[Exception]:
        luck = random.Random(seed)
        odd: list[Exception] = []
        for _ in range(40):
            try:
                any_step(luck, raffles, players, staff)()
            except Refusal:
                pass
            except Exception as error:  # noqa: BLE001 - the test shows it
                odd.append(error)
        return odd

    # How the threads mix is chance: most rounds confirm some money, and one that did not is no proof.
    for turn in range(10):
        outcomes = race([partial(many, seed * 1000 + turn * 100 + place) for place in range(6)])
        odd = [error for outcome in outcomes for error in outcome]
        # PostgreSQL may undo one of two that wait in a circle for numbers; nothing else may go wrong.
        assert [error for error in odd if "deadlock" not in str(error)] == []
        assert [each for each in wrong() if "should have expired" not in each] == []
        if have_paid() == {"PYG", "BRL", "KWD"}:
            break
    assert have_paid() == {"PYG", "BRL", "KWD"}
