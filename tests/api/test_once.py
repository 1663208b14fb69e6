"""Idempotency-Key: whoever calls again because no answer came is answered what was answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from raffles.api.models import KeptAnswer
from raffles.api.sweeping import sweep
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.models import Order, PaymentProof, Player
from tests.api.conftest import CONSUMER, allowed, calling, token_for
from tests.api.test_purchase import brought, reserved
from tests.factories import NOW, make_order, make_raffle, make_staff, png_bytes

pytestmark = pytest.mark.django_db


def reserve(consumer: APIClient, raffle: Raffle, player: int, key: str, numbers: list[int]) -> Any:
    return consumer.post(
        f"/api/v1/raffles/{raffle.pk}/reserve/",
        {"player": player, "numbers": numbers},
        format="json",
        headers={"Idempotency-Key": key},
    )


def test_the_same_call_twice_is_one_order_and_one_answer(consumer: APIClient) -> None:
    raffle, player = make_raffle(), brought(consumer)
    first = reserve(consumer, raffle, player, "k1", [7])
    again = reserve(consumer, raffle, player, "k1", [7])
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert Order.objects.count() == 1


def test_the_same_key_with_another_body_is_a_mistake(consumer: APIClient) -> None:
    raffle, player = make_raffle(), brought(consumer)
    reserve(consumer, raffle, player, "k1", [7])
    other = reserve(consumer, raffle, player, "k1", [8])
    assert (other.status_code, other.data["code"]) == (422, "idempotency_key_reused")
    assert not Ticket.objects.filter(number=8).exists()


def register(consumer: APIClient, body: str, kind: str = "application/json") -> Any:
    """As it is written here, to the letter."""
    at, key = "/api/v1/players/", {"Idempotency-Key": "k1"}
    return consumer.post(at, body.encode(), content_type=kind, headers=key)


ANA = '{"name": "Ana Nuñez", "language": "es"}'


@pytest.mark.parametrize(
    "body",
    [
        '{"language":"es","name":"Ana Nuñez"}',
        '\n{\t"name" : "Ana Nu\\u00f1ez",\r\n "language": "es" }\n',
    ],
)
def test_the_same_content_written_otherwise_is_the_same_call(consumer: APIClient, body: str) -> None:
    first, again = register(consumer, ANA), register(consumer, body, kind="Application/JSON; charset=utf-8")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert Player.objects.count() == 1


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"age": 1}', '{"age": 1.0}'),
        ('{"age": 1}', '{"age": "1"}'),
        ('{"age": 1}', '{"age": true}'),
        ('{"age": null}', "{}"),
        ('{"age": [1, 2]}', '{"age": [2, 1]}'),
        ('{"age": [1, 2]}', '{"age": "[1,2]"}'),
        ('{"age": 1, "age": 2}', '{"age": 2}'),
        ('{"age": 1, "age": 2}', '{"age": 1,  "age": 2}'),
        ('{"a": {"age": 1, "age": 2}}', '{"a": {"age": 2}}'),
        ("", "{}"),
        ('{"age": NaN}', '{"age": Infinity}'),
        ('{"age": 1', '{"age":1'),
        ("9" * 5000, "8" * 5000),
        (DEEP, DEEP + " "),
        ('{"a": ' + DEEP, '{"b": ' + DEEP),
        (DEEP + "]" * 100_000, DEEP + "]" * 100_000 + " "),
        ('"\\ud800"', '"\\ud801"'),
    ],
    ids=range(17),
)
def test_what_may_mean_something_else_is_another_call(consumer: APIClient, one: str, other: str) -> None:
    assert register(consumer, one).status_code == 400
    assert register(consumer, one)["Idempotent-Replayed"] == "true"
    answer = register(consumer, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_of_another_kind_the_same_bytes_are_another_call(consumer: APIClient) -> None:
    statuses = [register(consumer, ANA, kind=kind).status_code for kind in ("text/plain", "application/json")]
    assert statuses == [415, 422]


def test_no_form_looks_like_another_by_what_stands_in_its_texts(consumer: APIClient) -> None:
    at, key = f"/api/v1/orders/{reserved(consumer, make_raffle())['id']}/proofs/", {"Idempotency-Key": "f"}
    forms = [{"a": "1", "b": "2"}, {"a": "1\nb=2"}, {"b": "2", "a": "1"}]
    answers = [consumer.post(at, form, format="multipart", headers=key) for form in forms]
    assert [answer.status_code for answer in answers] == [400, 422, 400]
    assert answers[2]["Idempotent-Replayed"] == "true"


def test_two_callers_may_use_one_key(consumer: APIClient) -> None:
    raffle = make_raffle()
    second = calling(token_for(make_staff("other"), *CONSUMER)[1])
    answers = [reserve(each, raffle, brought(each), "k1", [at]) for each, at in ((consumer, 1), (second, 2))]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Order.objects.count() == 2


def test_a_rotated_token_is_the_same_caller(consumer: APIClient) -> None:
    user = make_staff("rotating")
    one = calling(token_for(user, *CONSUMER, client="Shop")[1])
    two = calling(token_for(user, *CONSUMER, client="Shop")[1])
    raffle, player = make_raffle(), brought(one)
    reserve(one, raffle, player, "k1", [7])
    assert reserve(two, raffle, player, "k1", [7])["Idempotent-Replayed"] == "true"


def test_an_answer_is_not_told_to_a_token_that_may_less() -> None:
    """Of one program: the token of its desk cancelled an order that the token of its shop cannot see."""
    user = allowed(make_staff("two"), "sales.view_order", "sales.cancel_order", "raffles.see_every_raffle")
    desk = calling(token_for(user, "staff:orders", client="Shop")[1])
    shop = calling(token_for(user, "orders:own", client="Shop")[1])
    at = f"/api/v1/orders/{make_order().pk}/cancel/"
    answers = [
        caller.post(at, {}, format="json", headers={"Idempotency-Key": "k1"}) for caller in (desk, desk, shop)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert (answers[1]["Idempotent-Replayed"], answers[2].data.keys()) == ("true", {"code", "detail"})
    assert shop.post(at, {}, format="json").status_code == 404
    user.user_permissions.clear()
    gone = desk.post(at, {}, format="json", headers={"Idempotency-Key": "k1"})
    assert gone.status_code == 403


def test_a_refusal_is_an_answer_too(consumer: APIClient) -> None:
    raffle, player = make_raffle(), brought(consumer)
    reserved(consumer, raffle, numbers=[7])
    first = reserve(consumer, raffle, player, "k1", [7])
    Ticket.objects.update(status=Ticket.Status.RELEASED)
    again = reserve(consumer, raffle, player, "k1", [7])
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()


def test_a_call_that_still_runs_is_not_made_a_second_time(consumer: APIClient) -> None:
    raffle, player = make_raffle(), brought(consumer)
    reserve(consumer, raffle, player, "k1", [7])
    KeptAnswer.objects.update(status=None, body="")
    answer = reserve(consumer, raffle, player, "k1", [7])
    assert (answer.status_code, answer.data["code"]) == (409, "idempotency_key_in_use")


def test_a_call_whose_process_died_can_be_made_when_its_lease_is_over(
    consumer: APIClient, clock: time_machine.Traveller
) -> None:
    raffle, player = make_raffle(), brought(consumer)
    reserve(consumer, raffle, player, "k1", [7])
    KeptAnswer.objects.update(status=None, body="")
    Ticket.objects.update(status=Ticket.Status.RELEASED)
    clock.shift(timedelta(minutes=3))
    assert reserve(consumer, raffle, player, "k1", [7]).status_code == 201
    assert KeptAnswer.objects.get().status == 201


def test_a_defect_leaves_neither_the_deed_nor_the_key(
    consumer: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raffle, player = make_raffle(), brought(consumer)

    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("raffles.api.made.note_order", broken)
    consumer.raise_request_exception = False
    assert reserve(consumer, raffle, player, "k1", [7]).status_code == 500
    assert (Order.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert reserve(consumer, raffle, player, "k1", [7]).status_code == 201


def test_a_file_sent_again_is_one_proof_though_its_boundary_differs(consumer: APIClient) -> None:
    order = reserved(consumer, make_raffle())
    picture = png_bytes()
    answers = [
        consumer.post(
            f"/api/v1/orders/{order['id']}/proofs/",
            {"file": SimpleUploadedFile(name, picture, content_type="image/png")},
            format="multipart",
            headers={"Idempotency-Key": "p1"},
        )
        for name in ("a.png", "b.png")
    ]
    assert [answer.json()["id"] for answer in answers] == [PaymentProof.objects.get().pk] * 2


def test_another_file_under_the_same_key_is_refused(consumer: APIClient) -> None:
    order = reserved(consumer, make_raffle())
    statuses = [
        consumer.post(
            f"/api/v1/orders/{order['id']}/proofs/",
            {"file": SimpleUploadedFile("a.png", png_bytes(size), content_type="image/png")},
            format="multipart",
            headers={"Idempotency-Key": "p1"},
        ).status_code
        for size in ((20, 20), (30, 30))
    ]
    assert statuses == [201, 422]


def test_a_day_later_the_key_is_free_again(consumer: APIClient, clock: time_machine.Traveller) -> None:
    body = {"name": "Ana", "language": "es"}
    for _ in range(2):
        consumer.post("/api/v1/players/", body, format="json", headers={"Idempotency-Key": "k"})
        clock.shift(timedelta(hours=25))
    assert Player.objects.count() == 2


def test_the_sweep_takes_what_is_older_than_a_day(consumer: APIClient) -> None:
    body = {"name": "Ana", "language": "es"}
    consumer.post("/api/v1/players/", body, format="json", headers={"Idempotency-Key": "k"})
    sweep(NOW + timedelta(hours=23))
    assert KeptAnswer.objects.count() == 1
    sweep(NOW + timedelta(hours=24))
    assert KeptAnswer.objects.count() == 0


@pytest.mark.parametrize("key", ["x" * 256])
def test_a_key_that_is_too_long_is_refused(consumer: APIClient, key: str) -> None:
    answer = consumer.post(
        "/api/v1/players/", {"name": "A", "language": "es"}, format="json", headers={"Idempotency-Key": key}
    )
    assert (answer.status_code, list(answer.data["errors"])) == (400, ["Idempotency-Key"])
    assert not Player.objects.exists()


def test_a_key_that_is_forgotten_brings_another_proof(
    consumer: APIClient, clock: time_machine.Traveller
) -> None:
    """Programs that count their calls from one begin again: no receipt may be taken for an old one."""
    raffle = make_raffle()
    one, two = (reserved(consumer, raffle, numbers=[number])["id"] for number in (1, 2))

    def send(order: int, content: bytes) -> Any:
        file = SimpleUploadedFile("receipt.png", content, "image/png")
        return consumer.post(
            f"/api/v1/orders/{order}/proofs/",
            {"file": file},
            format="multipart",
            headers={"Idempotency-Key": "1"},
        )

    first = send(one, png_bytes())
    clock.shift(timedelta(hours=25))
    sweep(NOW + timedelta(hours=25))
    second = send(two, png_bytes())
    clock.shift(timedelta(hours=25))
    sweep(NOW + timedelta(hours=50))
    third = send(two, png_bytes() + b"2")
    assert [each.status_code for each in (first, second, third)] == [201, 201, 201]
    assert [proof.order_id for proof in PaymentProof.objects.order_by("pk")] == [one, two, two]
