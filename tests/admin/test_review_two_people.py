"""The word of the first of two people is given like any decision: on what was seen, by who has the card."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from raffles.audit.models import AuditEntry, Deed
from raffles.sales.models import Approval, Order, Payment
from raffles.sales.queries import stamp_of
from tests.admin.conftest import ClientOf
from tests.admin.pages import decide
from tests.admin.test_review_pages import LOOK, decided, opened, queued, reviewed
from tests.factories import make_order, make_proof, make_raffle, picture_bytes

RIGHTS = (*LOOK, "sales.confirm_payment")


@pytest.fixture
def order() -> Order:
    return reviewed(raffle=make_raffle(two_people_from_minor=100_000))


@pytest.fixture
def rosa(client_of: ClientOf) -> Client:
    return client_of(*RIGHTS, username="rosa")


@pytest.fixture
def juan(client_of: ClientOf) -> Client:
    return client_of(*RIGHTS, username="juan")


def left(client: Client, order: Order) -> None:
    client.post(reverse("desk_leave", args=(order.pk,)))


@pytest.mark.django_db
def test_no_word_is_noted_about_a_receipt_that_was_not_seen(order: Order, rosa: Client) -> None:
    opened(rosa, order)
    seen = stamp_of(order)
    make_proof(order)
    answer = decided(rosa, order, "CONFIRM", amount="100000", seen=seen)
    assert answer.status_code == 409
    assert "the order changed while you were looking" in answer.json()["refused"]
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_no_word_is_noted_by_who_has_not_the_card(order: Order, rosa: Client) -> None:
    answer = decided(rosa, order, "CONFIRM", amount="100000")
    assert answer.status_code == 409
    assert "no longer yours" in answer.json()["refused"]
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_a_receipt_that_came_between_two_words_is_seen_by_both(
    order: Order, rosa: Client, juan: Client
) -> None:
    opened(rosa, order)
    assert decided(rosa, order, "CONFIRM", amount="100000").json()["told"]
    left(rosa, order)
    make_proof(order)
    assert "seen by rosa" not in queued(juan)["html"]
    assert "rosa says" not in opened(juan, order)["html"]
    assert decided(juan, order, "CONFIRM", amount="100000").json()["told"]
    left(juan, order)
    opened(rosa, order)
    assert "verdict" in decided(rosa, order, "CONFIRM", amount="100000").json()


@pytest.mark.django_db
def test_who_said_it_before_the_receipt_came_can_say_it_again(order: Order, rosa: Client) -> None:
    opened(rosa, order)
    decided(rosa, order, "CONFIRM", amount="100000")
    make_proof(order)
    opened(rosa, order)
    for _again in range(2):
        decided(rosa, order, "CONFIRM", amount="100000")
    assert Approval.objects.count() == 2
    assert "seen by rosa" in queued(rosa)["html"]


def twice_used() -> Order:
    """Its receipt came with another order before."""
    raffle = make_raffle(two_people_from_minor=100_000)
    orders = [make_order(raffle=raffle, numbers=n, status="PENDING_PAYMENT") for n in ((1, 2), (3, 4))]
    for order in orders:
        make_proof(order, content=picture_bytes("PNG", (20, 20)))
    return orders[1]


@pytest.mark.django_db
def test_why_an_odd_receipt_is_right_is_kept_with_the_word_and_read_by_the_second(
    rosa: Client, juan: Client
) -> None:
    order = twice_used()
    opened(rosa, order)
    assert decided(rosa, order, "CONFIRM", amount="100000").json()["errors"]["why"]
    decided(rosa, order, "CONFIRM", amount="100000", why="One transfer for both")
    left(rosa, order)
    assert Approval.objects.get().reason == "One transfer for both"
    assert AuditEntry.objects.get(action=Deed.PAYMENT_APPROVED).reason == "One transfer for both"
    assert "came: “One transfer for both”" in opened(juan, order)["html"]


def test_on_the_order_s_own_page_it_is_kept_as_well(desk: Client) -> None:
    order = twice_used()
    decide(desk, order, "confirm", amount="100000", method="transfer", why="One for both")
    assert not Payment.objects.exists()
    assert Approval.objects.get().reason == "One for both"
