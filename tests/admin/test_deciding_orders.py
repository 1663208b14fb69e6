from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client

from raffles.sales.actions import expire_orders, record_payment
from raffles.sales.models import Order, OrderChange, Payment, PaymentProof, Refund
from raffles.sales.queries import stamp_of as stamp
from tests.admin.chats import make_contact
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import decide, list_of, page_of, run_action, status_of, text, told
from tests.factories import NOW, confirm, make_order, make_player, make_proof, make_raffle, make_staff
from whatsapp.messages import words_of
from whatsapp.models import OutboundMessage

Status = Order.Status


def test_confirming_asks_for_the_whole_amount_and_records_how_it_came(desk: Client, boss: User) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    form = text(desk.get(page_of(order, "confirm")))
    assert 'value="100000"' in form
    assert page_of(order.proofs.get(), "file") in form

    response = decide(desk, order, "confirm", amount="100.000", method="transfer", reference="TRX 1")

    payment = Payment.objects.get(order=order)
    assert (payment.amount_minor, payment.method, payment.reference) == (100_000, "transfer", "TRX 1")
    assert payment.confirmed_by == boss
    assert status_of(order) == Status.PAID
    assert told(response) == f"{order.code}: confirmed"


def test_too_little_is_recorded_and_the_form_then_asks_for_the_rest(desk: Client) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    response = decide(desk, order, "confirm", amount="90000", method="cash")
    assert "recorded, but PYG\xa010,000 is missing" in told(response)
    assert status_of(order) == Status.PENDING_PAYMENT
    assert 'value="10000"' in text(desk.get(page_of(order, "confirm")))
    assert "PYG\xa090,000" in text(desk.get(page_of(order)))


@pytest.mark.parametrize("amount", ["", "abc", "-5", "1,0", "1.2.3", "9" * 20])
def test_an_amount_that_is_none_is_asked_again(desk: Client, amount: str) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    response = decide(desk, order, "confirm", amount=amount, method="cash")
    assert response.context["form"].errors["amount"]
    assert status_of(order) == Status.UNDER_REVIEW


def test_rejecting_needs_a_reason_which_the_player_reads_in_their_language(desk: Client) -> None:
    contact = make_contact(player=make_player(language="en"))
    order = make_order(player=contact.player, status=Status.UNDER_REVIEW)
    assert "Choose a reason" in text(decide(desk, order, "reject", words=" "))
    assert status_of(order) == Status.UNDER_REVIEW

    decide(desk, order, "reject", ready="unreadable", words="It is all black.")

    reason = "The picture cannot be read. Please send a sharper one. It is all black."
    assert status_of(order) == Status.PENDING_PAYMENT
    assert order.proofs.get().reason == reason
    notice = OutboundMessage.objects.get(contact=contact, dedupe_key__contains="rejected")
    assert reason in words_of(notice.content)


def test_cancelling_frees_the_numbers_and_tells_why(desk: Client) -> None:
    order = make_order(status=Status.PENDING_PAYMENT)
    decide(desk, order, "cancel", ready="asked")
    assert status_of(order) == Status.CANCELLED
    last = OrderChange.objects.filter(order=order).last()
    assert last is not None
    assert last.actor == "staff:boss"
    assert last.reason


def test_only_what_was_paid_is_refunded(desk: Client) -> None:
    pending, paid = make_order(status=Status.PENDING_PAYMENT), make_order(status=Status.PAID)
    assert "not possible" in told(decide(desk, pending, "refund", ready="twice"))
    decide(desk, paid, "refund", ready="twice")
    assert Refund.objects.get().order == paid
    assert (status_of(pending), status_of(paid)) == (Status.PENDING_PAYMENT, Status.REFUNDED)


def test_the_page_offers_what_the_status_allows(desk: Client) -> None:
    offered = {
        Status.DRAFT: {"cancel"},
        Status.PENDING_PAYMENT: {"confirm", "cancel"},
        Status.UNDER_REVIEW: {"confirm", "reject", "cancel"},
        Status.PAID: {"refund", "record"},
        Status.CANCELLED: {"record"},
        Status.EXPIRED: {"record"},
        Status.REFUNDED: {"record"},
    }
    for status, names in offered.items():
        page = desk.get(page_of(make_order(status=status)))
        assert {decision.name for decision in page.context["decisions"]} == names


def test_a_form_that_was_opened_before_something_happened_decides_nothing(desk: Client) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    seen = stamp(order)
    make_proof(order)

    response = decide(desk, order, "confirm", seen=seen, amount="100000", method="cash")

    assert "changed while you were looking" in told(response)
    assert status_of(order) == Status.UNDER_REVIEW
    assert response.context["form"].data["amount"] == "100000"
    fresh = response.context["form"].data["seen"]
    again = decide(desk, order, "confirm", seen=fresh, amount="100000", method="cash")
    assert "confirmed" in told(again)


def test_the_second_of_two_staff_reads_what_the_first_did(desk: Client) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    seen = stamp(order)
    confirm(order)
    response = decide(desk, order, "reject", seen=seen, ready="amount")
    assert told(response) == f"{order.code}: not possible, the order is “Paid”"
    assert status_of(order) == Status.PAID


@pytest.mark.django_db(transaction=True)
def test_two_staff_who_confirm_at_once_make_one_payment_and_the_second_is_told() -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    seen = stamp(order)
    start = threading.Barrier(2, timeout=60)
    answers: list[Any] = []

    def press(client: Client) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            given = {"seen": seen, "amount": "100000", "method": "transfer"}
            answers.append(client.post(page_of(order, "confirm"), given, follow=True))
        finally:
            connections.close_all()

    threads = []
    for name in ("one", "two"):
        client = Client(headers=ENGLISH)
        client.force_login(User.objects.create_superuser(name, password="a long password of a test"))
        threads.append(threading.Thread(target=press, args=(client,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Read from the pages: the contexts that a test client notes belong to whichever thread rendered.
    pages = [text(answer) for answer in answers]
    won = [page for page in pages if f"{order.code}: confirmed" in page]
    lost = [page for page in pages if page not in won]
    assert Payment.objects.filter(order=order).count() == 1
    assert (len(won), len(lost)) == (1, 1)
    assert any(words in lost[0] for words in ("“Paid”", "changed while you were", "someone was faster"))


def test_money_that_came_late_says_which_numbers_are_gone(desk: Client) -> None:
    raffle = make_raffle()
    late = make_order(
        raffle=raffle, numbers=(5, 6), status=Status.PENDING_PAYMENT, now=NOW - timedelta(hours=1)
    )
    expire_orders(now=NOW)
    make_order(raffle=raffle, numbers=(6,))
    make_proof(late)
    page = text(desk.get(page_of(late)))
    assert "after the numbers had been released" in page
    response = decide(desk, late, "confirm", amount="100000", method="transfer")
    assert "the money is the player&#x27;s credit" in text(response)
    assert status_of(late) == Status.CANCELLED
    page = text(desk.get(page_of(late)))
    assert "06" in page
    assert "Player's credit</a>: PYG\xa0100,000" in page


def give_credit(order: Order) -> None:
    record_payment(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=order.total_minor,
        method="",
        reference="",
        by=make_staff(),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("decision", "permission"),
    [
        ("confirm", "confirm_payment"),
        ("reject", "reject_proof"),
        ("cancel", "cancel_order"),
        ("refund", "refund_order"),
        ("credit", "pay_with_credit"),
    ],
)
def test_each_decision_has_a_permission_of_its_own(
    client_of: ClientOf, decision: str, permission: str
) -> None:
    order = make_order(status=Status.PAID if decision == "refund" else Status.UNDER_REVIEW)
    give_credit(order)
    answers = {"amount": "100000", "method": "cash", "ready": "asked" if decision != "reject" else "used"}
    names = {"confirm_payment", "reject_proof", "cancel_order", "refund_order", "pay_with_credit"}
    others = names - {permission}
    without = client_of("sales.view_order", *(f"sales.{name}" for name in others))
    assert without.get(page_of(order, decision)).status_code == 403
    assert decide(without, order, decision, **answers).status_code == 403
    assert decision not in {one.name for one in without.get(page_of(order)).context["decisions"]}

    may = client_of("sales.view_order", f"sales.{permission}", username="eva")
    before = status_of(order)
    assert decide(may, order, decision, **answers).status_code == 200
    assert status_of(order) != before


def test_a_bulk_action_that_is_not_permitted_does_nothing(client_of: ClientOf) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    run_action(client_of("sales.view_order"), Order, "confirm_payments", [order])
    assert status_of(order) == Status.UNDER_REVIEW


def test_an_operator_confirms_but_cannot_edit_a_raffle(client_of: ClientOf) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, status=Status.UNDER_REVIEW)
    operator = client_of("sales.view_order", "sales.confirm_payment")
    assert operator.get(page_of(raffle)).status_code == 403
    decide(operator, order, "confirm", amount="100000", method="cash")
    assert status_of(order) == Status.PAID


def test_without_the_csrf_token_nothing_is_decided(boss: User) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss)
    for address in (page_of(order, "confirm"), list_of(Order), page_of(order)):
        assert client.post(address, {"seen": stamp(order), "amount": "100000"}).status_code == 403
    assert status_of(order) == Status.UNDER_REVIEW


def test_a_status_that_is_posted_is_ignored(desk: Client) -> None:
    order = make_order(status=Status.PENDING_PAYMENT)
    assert desk.post(page_of(order), {"status": "PAID", "total_minor": "1"}).status_code == 403
    desk.post(list_of(Order), {"form-0-status": "PAID", "form-0-id": str(order.pk), "_save": "Save"})
    assert status_of(order) == Status.PENDING_PAYMENT
    assert OrderChange.objects.filter(order=order).count() == 2


@pytest.mark.parametrize("minutes", [1, 14])
def test_a_decision_counts_from_the_moment_it_is_made(desk: Client, minutes: int) -> None:
    order = make_order(status=Status.UNDER_REVIEW)
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        decide(desk, order, "confirm", amount="100000", method="cash")
    assert Payment.objects.get().confirmed_at == NOW + timedelta(minutes=minutes)
    assert PaymentProof.objects.get().decided_at == NOW + timedelta(minutes=minutes)
