"""Money that arrives, once it is credit: the second half of the table in docs/scarce-goods.md."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from raffles.numbers.models import Ticket
from raffles.sales.actions import (
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
from raffles.sales.models import Payment, PaymentProof, Player
from raffles.sales.notices import (
    Fact,
    MoneyRecorded,
    OrderPaid,
)
from raffles.sales.queries import credit_of, credits_of
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff
from tests.sales.money_cases import TOTAL, S, came, over, recorded, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return make_staff("rosa")


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
