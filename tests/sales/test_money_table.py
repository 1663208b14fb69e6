"""Money that arrives, row by row of the table in docs/scarce-goods.md: numbers, money, order, who hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from raffles.numbers.actions import close_raffle, pause_raffle
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    expire_orders,
    pay_with_credit,
    reject_proof,
)
from raffles.sales.errors import DrawHeld, HoldRanOut
from raffles.sales.models import Actor, PaymentProof
from raffles.sales.notices import (
    Fact,
    MoneyKept,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    PaymentShort,
)
from raffles.sales.queries import missing_of
from tests.factories import NOW, make_order, make_proof, make_raffle, make_staff
from tests.sales.money_cases import TOTAL, S, came, late, over, stands

pytestmark = pytest.mark.django_db

HOLD = timedelta(minutes=15)


@pytest.fixture
def staff() -> User:
    return make_staff("rosa")


@pytest.mark.parametrize("status", [S.PENDING_PAYMENT, S.UNDER_REVIEW])
@pytest.mark.parametrize("amount", [None, TOTAL])
def test_on_time_and_enough_sells_the_numbers(
    status: str, amount: int | None, staff: User, heard: list[Fact]
) -> None:
    order = make_order(status=status)
    heard.clear()
    payment = came(order, staff, amount)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)
    assert heard == [OrderPaid(order, payment, 0)]


def test_too_much_sells_the_numbers_and_the_rest_is_credit(staff: User, heard: list[Fact]) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    heard.clear()
    payment = came(order, staff, TOTAL + 7)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=7)
    assert heard == [OrderPaid(order, payment, 7)]


@pytest.mark.parametrize("status", [S.PENDING_PAYMENT, S.UNDER_REVIEW])
def test_too_little_is_recorded_and_the_numbers_wait_for_the_rest(
    status: str, staff: User, heard: list[Fact]
) -> None:
    order = make_order(status=status)
    heard.clear()
    later = NOW + timedelta(minutes=10)
    payment = came(order, staff, TOTAL - 1, now=later)
    stands(order, S.PENDING_PAYMENT, Ticket.Status.RESERVED, credit=TOTAL - 1)
    assert (order.expires_at, missing_of(order)) == (later + HOLD, 1)
    assert heard == [PaymentShort(order, payment, 1)]


def test_what_comes_next_adds_up_and_none_means_just_the_rest(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    came(order, staff, 40_000)
    came(order, staff, 50_000)
    assert came(order, staff).amount_minor == 10_000
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


def test_each_part_names_the_proof_that_came_with_it(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    first = came(order, staff, 40_000)
    second = came(order, staff, 50_000)
    proof = make_proof(order)
    third = came(order, staff)
    assert (first.proof, second.proof, third.proof) == (order.proofs.earliest("pk"), None, proof)


@pytest.mark.parametrize("by_player", [True, False])
def test_part_of_the_money_stays_as_credit_when_its_order_is_cancelled(
    by_player: bool, staff: User, heard: list[Fact]
) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    came(order, staff, 40_000)
    heard.clear()
    actor = Actor.player() if by_player else Actor.staff(staff)
    cancel_order(order_id=order.pk, actor=actor, reason="asked", now=NOW)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=40_000)
    assert heard == [OrderCancelled(order, actor, "asked", 40_000)]


def test_part_of_the_money_stays_as_credit_when_its_order_expires(staff: User, heard: list[Fact]) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    came(order, staff, 40_000)
    heard.clear()
    expire_orders(now=NOW + HOLD)
    stands(order, S.EXPIRED, Ticket.Status.RELEASED, credit=40_000)
    assert heard == [OrderExpired(order, 40_000)]


def test_the_rest_after_the_expiry_pays_what_is_free_again(staff: User) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    came(order, staff, 40_000)
    expire_orders(now=NOW + HOLD)
    make_proof(order, now=NOW + HOLD)
    assert came(order, staff, now=NOW + HOLD).amount_minor == 60_000
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


def test_late_with_all_numbers_free_takes_them_again_and_sells_them(staff: User) -> None:
    order = late()
    assert order.late_since is None
    came(order, staff)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


@pytest.mark.parametrize("amount", [None, TOTAL - 1, TOTAL + 1])
@pytest.mark.parametrize("taken", [(12,), (5, 12)])
def test_late_with_numbers_gone_takes_none_and_is_credit(
    taken: tuple[int, ...], amount: int | None, staff: User, heard: list[Fact]
) -> None:
    order = late(taken=taken)
    heard.clear()
    payment = came(order, staff, amount)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=payment.amount_minor)
    assert order.proofs.get().status == PaymentProof.Status.ACCEPTED
    assert heard == [MoneyKept(order, payment, tuple(f"{number:02}" for number in taken))]


def test_late_and_too_little_holds_the_numbers_that_are_free_again(staff: User) -> None:
    order = late(taken=(12,))
    expire_orders(now=NOW + HOLD)
    came(order, staff, 1, now=NOW + HOLD)
    stands(order, S.PENDING_PAYMENT, Ticket.Status.RESERVED, credit=1)


def test_in_a_paused_raffle_held_numbers_are_sold_and_late_ones_taken_again(staff: User) -> None:
    raffle = make_raffle()
    held = make_order(raffle=raffle, numbers=[1, 2], status=S.PENDING_PAYMENT)
    expired = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    pause_raffle(raffle_id=raffle.pk, actor=Actor.clock(), now=NOW)
    make_proof(expired)
    came(expired, staff)
    stands(expired, S.PAID, Ticket.Status.SOLD, credit=0)
    came(held, staff)
    stands(held, S.PAID, Ticket.Status.SOLD, credit=0)


def test_in_a_closed_raffle_held_numbers_are_sold(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    close_raffle(raffle_id=Raffle.objects.get().pk, actor=Actor.clock(), now=NOW)
    came(order, staff)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


@pytest.mark.parametrize("how", ["closed", "drawn"])
def test_late_for_a_raffle_that_is_over_is_credit_though_the_numbers_are_free(
    how: str, staff: User, heard: list[Fact]
) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    over(raffle, how)
    make_proof(order)
    heard.clear()
    payment = came(order, staff)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=TOTAL)
    assert heard == [MoneyKept(order, payment, ())]


@pytest.mark.parametrize("how", ["closed", "drawn"])
def test_too_little_for_a_raffle_that_is_over_waits_for_no_rest(how: str, staff: User) -> None:
    """Who has seen the result would pay the rest only for the winner."""
    order = make_order(status=S.UNDER_REVIEW)
    over(Raffle.objects.get(), how)
    came(order, staff, TOTAL - 1)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=TOTAL - 1)


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT])
def test_a_hold_ends_with_the_draw(status: str) -> None:
    """It would be an option on the winner: look at the result, then pay or do not."""
    draw_at = NOW + timedelta(minutes=5)
    order = make_order(raffle=make_raffle(sales_close_at=draw_at, draw_at=draw_at), status=status)
    assert order.expires_at == draw_at
    expire_orders(now=draw_at)
    order.refresh_from_db()
    assert order.status == S.EXPIRED


def test_a_hold_that_nobody_swept_ends_with_the_draw_all_the_same(staff: User) -> None:
    """The worker may be down, and staff confirm what they know came."""
    draw_at = NOW + timedelta(minutes=5)
    order = make_order(raffle=make_raffle(sales_close_at=draw_at, draw_at=draw_at), status=S.PENDING_PAYMENT)
    after = draw_at + timedelta(hours=2)
    with pytest.raises(DrawHeld):
        pay_with_credit(order_id=order.pk, by=staff, now=after)
    came(order, staff, TOTAL, now=after)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=TOTAL)


def test_nobody_confirms_an_order_after_the_draw() -> None:
    order = make_order()
    over(Raffle.objects.get(), "drawn")
    with pytest.raises(HoldRanOut):
        confirm_order(order_id=order.pk, now=NOW)
    stands(order, S.EXPIRED, Ticket.Status.RELEASED, credit=0)


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT])
def test_a_proof_that_comes_after_the_draw_is_late_though_the_numbers_are_held(
    status: str, staff: User
) -> None:
    """The clock may come to it a minute later, or hours where no worker runs."""
    order = make_order(status=status)
    over(Raffle.objects.get(), "drawn")
    make_proof(order)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.UNDER_REVIEW, NOW)
    came(order, staff)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=TOTAL)


def test_a_proof_rejected_after_the_draw_waits_for_no_other(staff: User, heard: list[Fact]) -> None:
    """Any picture would hold the numbers until the result is known, and winners would then pay."""
    order = make_order(status=S.UNDER_REVIEW)
    over(Raffle.objects.get(), "drawn")
    heard.clear()
    reject_proof(order_id=order.pk, by=staff, reason="This is no receipt.", now=NOW)
    stands(order, S.CANCELLED, Ticket.Status.RELEASED, credit=0)
    assert heard == [OrderCancelled(order, Actor.staff(staff), "This is no receipt.", 0)]
