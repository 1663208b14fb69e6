"""From an amount on, set per raffle, two people must say that the money came."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from raffles.sales.actions import (
    approve_payment,
    confirm_payment,
    pay_with_credit,
    record_payment,
    reject_proof,
)
from raffles.sales.errors import SecondPersonNeeded
from raffles.sales.models import Approval, Order, Payment
from tests.factories import NOW, make_order, make_proof, make_raffle, make_staff

pytestmark = pytest.mark.django_db
S = Order.Status
TOTAL = 100_000


@pytest.fixture
def order() -> Order:
    return make_order(raffle=make_raffle(two_people_from_minor=TOTAL), status=S.UNDER_REVIEW)


@pytest.fixture
def rosa() -> User:
    return make_staff("rosa")


@pytest.fixture
def juan() -> User:
    return make_staff("juan")


def confirmed(order: Order, by: User, amount: int | None = None) -> Payment:
    return confirm_payment(
        order_id=order.pk, by=by, amount_minor=amount, method="transfer", reference="", now=NOW
    )


def test_one_person_alone_confirms_nothing_however_often(order: Order, rosa: User) -> None:
    for _ in range(2):
        with pytest.raises(SecondPersonNeeded):
            confirmed(order, rosa)
        approve_payment(order_id=order.pk, by=rosa, amount_minor=None, now=NOW)
    assert Approval.objects.count() == 1
    assert not Payment.objects.exists()


def test_the_second_who_says_the_same_amount_confirms(order: Order, rosa: User, juan: User) -> None:
    approve_payment(order_id=order.pk, by=rosa, amount_minor=TOTAL, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        confirmed(order, juan, TOTAL + 1)
    assert confirmed(order, juan).amount_minor == TOTAL
    assert Order.objects.get().status == S.PAID


def test_a_word_about_an_order_that_moved_since_does_not_count(order: Order, rosa: User, juan: User) -> None:
    approve_payment(order_id=order.pk, by=rosa, amount_minor=None, now=NOW)
    reject_proof(order_id=order.pk, by=rosa, reason="Otra cuenta", now=NOW)
    make_proof(order)
    with pytest.raises(SecondPersonNeeded):
        confirmed(order, juan)


def test_below_the_amount_one_is_enough_unless_more_came(rosa: User) -> None:
    raffle = make_raffle(two_people_from_minor=TOTAL + 1)
    order = make_order(raffle=raffle, status=S.UNDER_REVIEW)
    with pytest.raises(SecondPersonNeeded):
        confirmed(order, rosa, TOTAL + 1)
    assert confirmed(order, rosa).amount_minor == TOTAL


def test_credit_is_no_way_around_it(order: Order, rosa: User, juan: User) -> None:
    record_payment(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=TOTAL,
        method="cash",
        reference="",
        by=rosa,
        now=NOW,
    )
    with pytest.raises(SecondPersonNeeded):
        pay_with_credit(order_id=order.pk, by=rosa, now=NOW)
    approve_payment(order_id=order.pk, by=rosa, amount_minor=TOTAL, now=NOW)
    assert pay_with_credit(order_id=order.pk, by=juan, now=NOW).status == S.PAID


def test_a_word_about_an_order_with_another_receipt_does_not_count(
    order: Order, rosa: User, juan: User
) -> None:
    approve_payment(order_id=order.pk, by=rosa, amount_minor=None, now=NOW)
    make_proof(order)
    with pytest.raises(SecondPersonNeeded):
        confirmed(order, juan)
    approve_payment(order_id=order.pk, by=rosa, amount_minor=None, now=NOW)
    assert confirmed(order, juan).amount_minor == TOTAL


def test_a_word_about_money_that_no_receipt_shows_counts(rosa: User, juan: User) -> None:
    order = make_order(raffle=make_raffle(two_people_from_minor=TOTAL), status=S.PENDING_PAYMENT)
    for _ in range(2):
        approve_payment(order_id=order.pk, by=rosa, amount_minor=None, now=NOW)
    assert Approval.objects.count() == 1
    assert confirmed(order, juan).amount_minor == TOTAL
