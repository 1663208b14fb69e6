"""A whole sale by API: a player, a reservation, a proof, a confirmation."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from raffles.numbers.models import Raffle, Ticket
from tests.factories import make_player, make_raffle, png_bytes

pytestmark = pytest.mark.django_db


def brought(consumer: APIClient) -> int:
    answer = consumer.post("/api/v1/players/", {"name": "Ana", "language": "es"}, format="json")
    assert answer.status_code == 201, answer.data
    return int(answer.data["id"])


def reserved(consumer: APIClient, raffle: Raffle, **wish: Any) -> dict[str, Any]:
    body = {"player": brought(consumer), **(wish or {"numbers": [7, 8]})}
    answer = consumer.post(f"/api/v1/raffles/{raffle.pk}/reserve/", body, format="json")
    assert answer.status_code == 201, answer.data
    return dict(answer.data)


def receipt() -> SimpleUploadedFile:
    return SimpleUploadedFile("receipt.png", png_bytes(), content_type="image/png")


def test_a_shop_sells_and_staff_confirm(consumer: APIClient, staff: APIClient) -> None:
    raffle = make_raffle()
    order = reserved(consumer, raffle)
    assert (order["status"], order["numbers"]) == ("DRAFT", ["07", "08"])
    assert order["total"] == {"amount": "100000", "currency": "PYG"}

    at = f"/api/v1/orders/{order['id']}/"
    assert consumer.post(f"{at}confirm/").data["status"] == "PENDING_PAYMENT"
    proof = consumer.post(f"{at}proofs/", {"file": receipt()}, format="multipart")
    assert (proof.status_code, proof.data["status"]) == (201, "SUBMITTED")
    waiting = staff.get("/api/v1/orders/pending-payment/").data["results"]
    assert [row["id"] for row in waiting] == [order["id"]]

    paid = staff.post(f"{at}confirm-payment/", {"method": "transfer", "reference": "A-1"}, format="json")
    assert (paid.status_code, paid.data["status"], paid.data["missing"]["amount"]) == (200, "PAID", "0")
    assert Ticket.objects.filter(order_id=order["id"], status="SOLD").count() == 2
    assert [row["to_status"] for row in paid.data["history"]] == [
        "DRAFT", "PENDING_PAYMENT", "UNDER_REVIEW", "PAID",
    ]  # fmt: skip
    assert consumer.get(at).data["status"] == "PAID"


def test_a_reservation_costs_the_same_however_many_numbers(
    consumer: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    raffle, player = make_raffle(), brought(consumer)
    at = f"/api/v1/raffles/{raffle.pk}/reserve/"
    consumer.post(at, {"player": player, "numbers": [1]}, format="json")
    with CaptureQueriesContext(connection) as captured:
        consumer.post(at, {"player": player, "numbers": [2]}, format="json")
    with django_assert_num_queries(len(captured)):
        answer = consumer.post(at, {"player": player, "numbers": list(range(3, 23))}, format="json")
    assert len(answer.data["numbers"]) == 20


def test_a_payment_is_confirmed_once(consumer: APIClient, staff: APIClient) -> None:
    order = reserved(consumer, make_raffle())
    at = f"/api/v1/orders/{order['id']}/"
    consumer.post(f"{at}confirm/")
    first = staff.post(f"{at}confirm-payment/", {}, format="json")
    second = staff.post(f"{at}confirm-payment/", {}, format="json")
    assert (first.status_code, second.status_code, second.data["code"]) == (200, 409, "move_not_allowed")


def test_cancelling_says_how_many_numbers_are_free_again(consumer: APIClient) -> None:
    order = reserved(consumer, make_raffle(), random=3)
    answer = consumer.post(f"/api/v1/orders/{order['id']}/cancel/", {}, format="json")
    assert (answer.status_code, answer.data["status"], answer.data["released"]) == (200, "CANCELLED", 3)
    assert not Ticket.objects.exclude(status="RELEASED").exists()


def test_taken_numbers_are_named(consumer: APIClient) -> None:
    raffle = make_raffle()
    reserved(consumer, raffle, numbers=[5])
    body = {"player": brought(consumer), "numbers": [5, 6]}
    answer = consumer.post(f"/api/v1/raffles/{raffle.pk}/reserve/", body, format="json")
    assert (answer.status_code, answer.data["code"]) == (409, "numbers_taken")
    assert answer.data["params"]["labels"] == ("05",)
    assert not Ticket.objects.filter(number=6).exists()


def test_nobody_buys_for_a_player_of_another(consumer: APIClient) -> None:
    body = {"player": make_player().pk, "numbers": [5]}
    answer = consumer.post(f"/api/v1/raffles/{make_raffle().pk}/reserve/", body, format="json")
    assert (answer.status_code, answer.data["code"]) == (404, "player_not_found")


def test_a_receipt_in_a_file_that_is_no_picture_is_refused(consumer: APIClient) -> None:
    at = f"/api/v1/orders/{reserved(consumer, make_raffle())['id']}/proofs/"
    sent = {"file": SimpleUploadedFile("x.png", b"<script>", content_type="image/png")}
    answer = consumer.post(at, sent, format="multipart")
    assert (answer.status_code, answer.data["code"]) == (415, "proof_kind_not_allowed")
