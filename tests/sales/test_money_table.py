"""Money that arrives, row by row of the table in docs/scarce-goods.md: numbers, money, order, who hears."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from raffles.numbers.actions import close_raffle, pause_raffle
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import (
    cancel_order,
    confirm_payment,
    expire_orders,
    pay_with_credit,
    record_payment,
    refund_order,
)
from raffles.sales.errors import (
    AmountNotPositive,
    CreditTooSmall,
    CurrencyUnknown,
    DrawHeld,
    MoveNotAllowed,
    NothingMissing,
    PlayerNotFound,
    ReferenceUsed,
    Refusal,
    UnitsGone,
)
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Actor, Order, Payment, PaymentProof, Player
from raffles.sales.notices import (
    Fact,
    MoneyKept,
    MoneyRecorded,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    PaymentShort,
)
from raffles.sales.queries import credit_of, credits_of, missing_of
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff

pytestmark = pytest.mark.django_db

S = Order.Status
TOTAL = 100_000
HOLD = timedelta(minutes=15)


@pytest.fixture
def staff() -> User:
    return make_staff("rosa")


def came(order: Order, staff: User, amount: int | None = None, **changes: Any) -> Payment:
    given: dict[str, Any] = {"method": "transfer", "reference": "", "now": NOW}
    return confirm_payment(order_id=order.pk, by=staff, amount_minor=amount, **(given | changes))


def recorded(player: Player, staff: User, amount: int, **changes: Any) -> Payment:
    given: dict[str, Any] = {"currency": "PYG", "method": "transfer", "reference": "", "now": NOW}
    return record_payment(player_id=player.pk, amount_minor=amount, by=staff, **(given | changes))


def stands(order: Order, status: str, tickets: str, credit: int) -> None:
    """Where the order, its numbers and the money are, with all books right."""
    order.refresh_from_db()
    assert order.status == status
    assert set(order.tickets.values_list("status", flat=True)) == {tickets}
    assert credit_of(order.player_id, order.currency) == credit
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


def late(raffle: Raffle | None = None, *, taken: tuple[int, ...] = ()) -> Order:
    """5 and 12, expired; a proof came after others had taken some."""
    raffle = raffle or make_raffle()
    order = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    if taken:
        make_order(raffle=raffle, numbers=taken, status=S.PENDING_PAYMENT)
    make_proof(order)
    order.refresh_from_db()
    return order


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
    pause_raffle(raffle_id=raffle.pk)
    make_proof(expired)
    came(expired, staff)
    stands(expired, S.PAID, Ticket.Status.SOLD, credit=0)
    came(held, staff)
    stands(held, S.PAID, Ticket.Status.SOLD, credit=0)


def test_in_a_closed_raffle_held_numbers_are_sold(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    close_raffle(raffle_id=Raffle.objects.get().pk)
    came(order, staff)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


def over(raffle: Raffle, how: str) -> None:
    if how == "closed":
        close_raffle(raffle_id=raffle.pk)
    else:
        moment = NOW - timedelta(minutes=1)
        Raffle.objects.filter(pk=raffle.pk).update(sales_close_at=moment, draw_at=moment)


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


def test_two_proofs_for_one_order_are_decided_together_with_one_payment(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    make_proof(order)
    came(order, staff)
    assert set(order.proofs.values_list("status", flat=True)) == {PaymentProof.Status.ACCEPTED}
    assert Payment.objects.count() == 1
    with pytest.raises(MoveNotAllowed):
        came(order, staff)


@pytest.mark.parametrize("status", [S.PAID, S.CANCELLED, S.EXPIRED, S.REFUNDED])
def test_one_more_transfer_for_an_order_that_is_over_is_credit(
    status: str, staff: User, heard: list[Fact]
) -> None:
    order = make_order(status=status)
    tickets = order.tickets.values_list("status", flat=True)[0]
    heard.clear()
    payment = recorded(order.player, staff, 5, order_id=order.pk)
    stands(order, status, tickets, credit=5)
    assert (payment.order, heard) == (order, [MoneyRecorded(payment)])


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT, S.UNDER_REVIEW])
def test_money_for_an_open_order_is_confirmed_and_not_recorded_beside_it(status: str, staff: User) -> None:
    order = make_order(status=status)
    with pytest.raises(MoveNotAllowed):
        recorded(order.player, staff, 5, order_id=order.pk)
    assert not Payment.objects.exists()


def test_money_that_names_no_order_is_credit_of_the_player_who_was_kept(staff: User) -> None:
    gone, keep = make_player(), make_player()
    Player.objects.filter(pk=gone.pk).update(merged_into=keep, merged_at=NOW)
    payment = recorded(gone, staff, 5)
    assert (payment.player, payment.order, credits_of(keep.pk)) == (keep, None, [(5, "PYG")])


@pytest.mark.parametrize("typed", ["TRX-77", "trx 77", " Trx.77 "])
def test_one_transfer_named_in_two_orders_pays_the_first(typed: str, staff: User) -> None:
    raffle = make_raffle()
    first = make_order(raffle=raffle, numbers=[1], status=S.UNDER_REVIEW)
    second = make_order(raffle=raffle, numbers=[2], status=S.UNDER_REVIEW)
    came(first, staff, reference="TRX 77")
    with pytest.raises(ReferenceUsed) as refusal:
        came(second, staff, reference=typed)
    assert refusal.value.code == first.code
    stands(second, S.UNDER_REVIEW, Ticket.Status.RESERVED, credit=0)


def test_a_transfer_without_an_order_is_not_recorded_twice_and_no_reference_is_no_reference(
    staff: User,
) -> None:
    player = make_player()
    recorded(player, staff, 5, reference="77")
    with pytest.raises(ReferenceUsed) as refusal:
        recorded(player, staff, 5, reference="7-7")
    assert refusal.value.code == ""
    recorded(player, staff, 5, reference="77", currency="USD")
    recorded(player, staff, 5, reference=" - ")
    recorded(player, staff, 5, reference="")
    assert credits_of(player.pk) == [(15, "PYG"), (5, "USD")]


def test_one_transfer_for_two_orders_pays_the_second_with_what_is_left(
    staff: User, heard: list[Fact]
) -> None:
    raffle, player = make_raffle(), make_player()
    first = make_order(raffle=raffle, player=player, numbers=[1], status=S.UNDER_REVIEW)
    second = make_order(raffle=raffle, player=player, numbers=[2], status=S.UNDER_REVIEW)
    came(first, staff, TOTAL, reference="77")
    heard.clear()
    pay_with_credit(order_id=second.pk, by=staff, now=NOW)
    stands(second, S.PAID, Ticket.Status.SOLD, credit=0)
    second.refresh_from_db()
    assert heard == [OrderPaid(second, None)]
    assert second.proofs.get().status == PaymentProof.Status.ACCEPTED


def test_older_credit_is_not_used_unless_staff_say_so(staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    recorded(order.player, staff, TOTAL)
    came(order, staff, 1)
    stands(order, S.PENDING_PAYMENT, Ticket.Status.RESERVED, credit=TOTAL + 1)
    pay_with_credit(order_id=order.pk, by=staff, now=NOW)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=1)


def test_too_little_credit_pays_nothing(staff: User) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    recorded(order.player, staff, TOTAL - 1)
    recorded(order.player, staff, TOTAL, currency="USD")
    with pytest.raises(CreditTooSmall) as refusal:
        pay_with_credit(order_id=order.pk, by=staff, now=NOW)
    assert (refusal.value.has_minor, refusal.value.needed_minor) == (TOTAL - 1, TOTAL)
    stands(order, S.PENDING_PAYMENT, Ticket.Status.RESERVED, credit=TOTAL - 1)


@pytest.mark.parametrize(("taken", "refusal"), [((12,), UnitsGone), ((), DrawHeld)])
def test_credit_buys_no_numbers_that_are_gone(
    taken: tuple[int, ...], refusal: type[Refusal], staff: User
) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    if taken:
        make_order(raffle=raffle, numbers=taken)
    else:
        over(raffle, "drawn")
    make_proof(order)
    recorded(order.player, staff, TOTAL)
    with pytest.raises(refusal):
        pay_with_credit(order_id=order.pk, by=staff, now=NOW)
    stands(order, S.UNDER_REVIEW, Ticket.Status.RELEASED, credit=TOTAL)


@pytest.mark.parametrize("status", [S.DRAFT, S.PAID, S.CANCELLED, S.EXPIRED, S.REFUNDED])
def test_credit_pays_only_what_waits_for_money(status: str, staff: User) -> None:
    order = make_order(status=status)
    recorded(order.player, staff, TOTAL)
    with pytest.raises(MoveNotAllowed):
        pay_with_credit(order_id=order.pk, by=staff, now=NOW)
    assert credit_of(order.player_id, "PYG") == TOTAL


def test_money_that_is_there_already_need_not_come_again(staff: User) -> None:
    order = make_order(status=S.EXPIRED)
    recorded(order.player, staff, TOTAL, order_id=order.pk)
    make_proof(order)
    with pytest.raises(NothingMissing):
        came(order, staff)
    pay_with_credit(order_id=order.pk, by=staff, now=NOW)
    stands(order, S.PAID, Ticket.Status.SOLD, credit=0)


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_no_payment(amount: int, staff: User) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    with pytest.raises(AmountNotPositive):
        came(order, staff, amount)
    with pytest.raises(AmountNotPositive):
        recorded(order.player, staff, amount)
    stands(order, S.UNDER_REVIEW, Ticket.Status.RESERVED, credit=0)


def test_money_of_an_unknown_kind_or_person_is_refused(staff: User) -> None:
    with pytest.raises(CurrencyUnknown):
        recorded(make_player(), staff, 1, currency="XQQ")
    with pytest.raises(PlayerNotFound):
        record_payment(
            player_id=404, currency="PYG", amount_minor=1, method="", reference="", by=staff, now=NOW
        )


def test_a_refunded_order_cannot_be_paid_again(staff: User) -> None:
    order = make_order(status=S.PAID)
    refund_order(order_id=order.pk, by=staff, reason="asked", now=NOW)
    with pytest.raises(MoveNotAllowed):
        came(order, staff)
