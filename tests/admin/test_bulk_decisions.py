from __future__ import annotations

from django.test import Client

from raffles.sales.models import Order, Payment
from tests.admin.pages import run_action, status_of, text, told
from tests.factories import make_order, make_player, make_raffle

Status = Order.Status


def test_bulk_confirmation_reports_order_by_order(desk: Client) -> None:
    raffle = make_raffle()
    good = [make_order(raffle=raffle, numbers=(n,), status=Status.UNDER_REVIEW) for n in (1, 2)]
    expired = make_order(raffle=raffle, numbers=(3,), status=Status.EXPIRED)
    response = run_action(desk, Order, "confirm_payments", [*good, expired])
    assert told(response) == f"2 confirmed; {expired.code}: not possible, the order is “Expired”"
    assert Payment.objects.count() == 2


def test_bulk_confirmation_without_proof_asks_once_more(desk: Client) -> None:
    order = make_order(status=Status.PENDING_PAYMENT)
    asked = run_action(desk, Order, "confirm_payments", [order])
    assert order.code in text(asked)
    assert not Payment.objects.exists()
    sure = run_action(desk, Order, "confirm_payments", [order], sure="yes")
    assert told(sure) == "1 confirmed"
    assert status_of(order) == Status.PAID


def test_bulk_rejection_asks_for_a_reason_and_reports_order_by_order(desk: Client) -> None:
    raffle = make_raffle()
    player = make_player(language="pt-br")
    reviewed = make_order(raffle=raffle, player=player, numbers=(1,), status=Status.UNDER_REVIEW)
    paid = make_order(raffle=raffle, numbers=(2,), status=Status.PAID)
    asked = run_action(desk, Order, "reject_proofs", [reviewed, paid])
    assert "The amount is not the amount of your order." in text(asked)
    without_reason = run_action(desk, Order, "reject_proofs", [reviewed, paid], sure="yes")
    assert "Choose a reason" in text(without_reason)
    assert status_of(reviewed) == Status.UNDER_REVIEW

    response = run_action(desk, Order, "reject_proofs", [reviewed, paid], sure="yes", ready="amount")

    assert told(response) == f"1 rejected; {paid.code}: not possible, the order is “Paid”"
    assert reviewed.proofs.get().reason == "O valor não é o valor do seu pedido."


def test_bulk_cancellation_reports_order_by_order(desk: Client) -> None:
    raffle = make_raffle()
    draft = make_order(raffle=raffle, numbers=(1,))
    refunded = make_order(raffle=raffle, numbers=(2,), status=Status.REFUNDED)
    response = run_action(desk, Order, "cancel_orders", [draft, refunded], sure="yes", ready="raffle")
    assert told(response) == f"1 cancelled; {refunded.code}: not possible, the order is “Refunded”"
    assert status_of(draft) == Status.CANCELLED


def test_more_than_a_hundred_at_once_are_too_many(desk: Client) -> None:
    raffle = make_raffle(last_number=999)
    orders = [make_order(raffle=raffle, numbers=(n,)) for n in range(101)]
    response = run_action(desk, Order, "cancel_orders", orders, sure="yes", ready="raffle")
    assert told(response) == "Choose 100 orders at most."
    assert not Order.objects.filter(status=Status.CANCELLED).exists()
