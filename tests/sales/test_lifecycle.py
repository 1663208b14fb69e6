from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.numbers.models import Ticket
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    confirm_payment,
    expire_orders,
    refund_order,
    reject_proof,
    request_cancel,
)
from raffles.sales.errors import HoldRanOut, OrderMoved, OrderNotFound, ReasonMissing
from raffles.sales.lifecycle import CODE_ALPHABET, move_order
from raffles.sales.models import Actor, Order, OrderChange, Payment, PaymentProof
from raffles.sales.notices import (
    CancelRequested,
    Fact,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    ProofRejected,
)
from tests.factories import NOW, confirm, make_order, make_proof, make_raffle, make_staff

pytestmark = pytest.mark.django_db

S = Order.Status
HOLD = timedelta(minutes=15)


def test_a_draft_is_held_for_the_minutes_its_raffle_says() -> None:
    order = make_order(raffle=make_raffle(hold_minutes=40))
    assert order.expires_at == NOW + timedelta(minutes=40)


def test_a_code_has_six_characters_that_cannot_be_mistaken() -> None:
    order = make_order()
    assert len(order.code) == 6
    assert set(order.code) <= set(CODE_ALPHABET)
    assert not set("01ILO") & set(CODE_ALPHABET)


def test_a_code_already_given_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    characters = iter("AAAAAAAAAAAABBBBBB")
    monkeypatch.setattr("secrets.choice", lambda _alphabet: next(characters))
    raffle = make_raffle()
    assert make_order(raffle=raffle, numbers=[1]).code == "AAAAAA"
    assert make_order(raffle=raffle, numbers=[2]).code == "BBBBBB"


def test_a_code_is_never_of_digits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    characters = iter("2345678A9BCD")
    monkeypatch.setattr("secrets.choice", lambda _alphabet: next(characters))
    assert make_order().code == "8A9BCD"


def test_confirming_starts_the_hold_anew_once() -> None:
    order = make_order()
    confirmed = confirm_order(order_id=order.pk, now=NOW + timedelta(minutes=10))
    assert confirmed.expires_at == NOW + timedelta(minutes=10) + HOLD
    assert confirmed.confirmed_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT])
def test_a_confirm_after_the_hold_ran_out_expires_the_order(status: str, heard: list[Fact]) -> None:
    order = make_order(status=status)

    with pytest.raises(HoldRanOut) as refusal:
        confirm_order(order_id=order.pk, now=NOW + HOLD)

    order.refresh_from_db()
    assert refusal.value.code == order.code
    assert order.status == S.EXPIRED
    assert heard == [OrderExpired(order)]
    assert not Ticket.objects.exclude(status=Ticket.Status.RELEASED).exists()


def test_the_sweep_expires_at_the_very_end_of_the_hold_and_tells_once(heard: list[Fact]) -> None:
    order = make_order()
    assert expire_orders(now=NOW + HOLD - timedelta(seconds=1)) == []
    assert expire_orders(now=NOW + HOLD) == [order]
    assert expire_orders(now=NOW + HOLD) == []
    assert heard == [OrderExpired(order)]


def test_the_sweep_takes_the_oldest_first_and_only_so_many() -> None:
    raffle = make_raffle()
    first = make_order(raffle=raffle, numbers=[1])
    make_order(raffle=raffle, numbers=[2], now=NOW + timedelta(minutes=1))
    assert expire_orders(now=NOW + timedelta(days=1), limit=1) == [first]


def test_an_order_that_cannot_expire_does_not_keep_the_others(caplog: pytest.LogCaptureFixture) -> None:
    raffle = make_raffle()
    broken = make_order(raffle=raffle, numbers=[1])
    sound = make_order(raffle=raffle, numbers=[2], now=NOW + timedelta(seconds=1))
    Order.objects.filter(pk=broken.pk).update(kind="a lost kind")

    assert expire_orders(now=NOW + timedelta(days=1)) == [sound]

    broken.refresh_from_db()
    assert broken.status == S.DRAFT
    assert "could not be expired" in caplog.text


def test_a_payment_sells_the_numbers_accepts_the_proof_and_is_announced(heard: list[Fact]) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    proof = make_proof(order)
    staff = make_staff()
    heard.clear()

    payment = confirm_payment(
        order_id=order.pk, by=staff, amount_minor=100_000, method="transfer", reference=" 77 ", now=NOW
    )

    proof.refresh_from_db()
    order.refresh_from_db()
    assert (payment.amount_minor, payment.currency, payment.reference) == (100_000, "PYG", "77")
    assert (payment.proof, payment.confirmed_by) == (proof, staff)
    assert (proof.status, proof.decided_by) == (PaymentProof.Status.ACCEPTED, staff)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.SOLD}
    assert heard == [OrderPaid(order, payment)]


def test_a_payment_without_a_proof_names_no_proof_even_after_one_was_rejected() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    reject_proof(order_id=order.pk, by=make_staff(), reason="unreadable", now=NOW)
    confirm(order)
    assert Payment.objects.get(order=order).proof is None


def test_a_rejected_proof_gives_a_new_hold_and_tells_the_player_why(heard: list[Fact]) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    first, second = order.proofs.get(), make_proof(order)
    staff = make_staff()
    later = NOW + timedelta(hours=3)
    heard.clear()

    reject_proof(order_id=order.pk, by=staff, reason=" another account ", now=later)

    order.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (order.status, order.expires_at) == (S.PENDING_PAYMENT, later + HOLD)
    for proof in (first, second):
        assert (proof.status, proof.reason) == (PaymentProof.Status.REJECTED, "another account")
        assert (proof.decided_by, proof.decided_at) == (staff, later)
    assert heard == [ProofRejected(order, second, "another account")]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_rejection_and_a_refund_need_a_reason(reason: str) -> None:
    review, paid = make_order(status=S.UNDER_REVIEW), make_order(status=S.PAID)
    with pytest.raises(ReasonMissing):
        reject_proof(order_id=review.pk, by=make_staff(), reason=reason, now=NOW)
    with pytest.raises(ReasonMissing):
        refund_order(order_id=paid.pk, by=make_staff(), reason=reason, now=NOW)


def test_a_cancelled_order_frees_its_numbers_and_is_announced(heard: list[Fact]) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[7])
    cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    order.refresh_from_db()
    assert heard == [OrderCancelled(order, Actor.player(), "")]
    assert make_order(raffle=raffle, numbers=[7]).status == S.DRAFT


def test_staff_who_cancel_an_order_under_review_have_decided_its_proofs() -> None:
    order = make_order(status=S.UNDER_REVIEW)
    cancel_order(order_id=order.pk, actor=Actor.staff(make_staff()), reason="the player asked", now=NOW)
    assert order.proofs.get().status == PaymentProof.Status.REJECTED


def test_a_refund_frees_the_numbers_and_keeps_the_payment(heard: list[Fact]) -> None:
    order = make_order(status=S.PAID)
    heard.clear()
    refund = refund_order(order_id=order.pk, by=make_staff(), reason="no draw", now=NOW)
    order.refresh_from_db()
    assert (refund.amount_minor, refund.currency) == (order.total_minor, order.currency)
    assert Payment.objects.filter(order=order).exists()
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    assert heard == [OrderRefunded(order, refund)]


def test_asking_to_cancel_only_tells_staff(heard: list[Fact]) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    heard.clear()
    request_cancel(order_id=order.pk, now=NOW)
    assert heard == [CancelRequested(order, NOW)]


def test_history_says_who_when_and_why() -> None:
    staff = make_staff("rosa")
    order = make_order(status=S.UNDER_REVIEW)
    reject_proof(order_id=order.pk, by=staff, reason="unreadable", now=NOW)
    last = OrderChange.objects.filter(order=order).latest("id")
    assert (last.from_status, last.to_status) == (S.UNDER_REVIEW, S.PENDING_PAYMENT)
    assert (last.actor, last.user, last.reason, last.at) == ("staff:rosa", staff, "unreadable", NOW)
    assert OrderChange.objects.filter(order=order).earliest("id").actor == "player"


def test_a_move_from_a_status_that_is_no_longer_true_is_refused() -> None:
    stale = make_order()
    confirm_order(order_id=stale.pk, now=NOW)
    with pytest.raises(OrderMoved):
        move_order(stale, to=S.CANCELLED, now=NOW, actor=Actor.player())
    assert Order.objects.get(pk=stale.pk).status == S.PENDING_PAYMENT


def test_an_order_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(OrderNotFound):
        confirm_order(order_id=404, now=NOW)
