"""Refusals have one shape, a code of the catalogue, and the language of who asks; hostile calls as well."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from raffles.api import quotas
from raffles.api.errors import GENERAL, REFUSALS
from raffles.api.models import Client, MadeOrder
from raffles.desk import errors as desk
from raffles.sales.errors import Refusal
from tests.api.conftest import calling, token_for
from tests.api.documented import operations
from tests.factories import make_order, make_player, make_raffle, make_staff, png_bytes

pytestmark = pytest.mark.django_db

CATALOGUE = {code: status for code, (status, _when) in GENERAL.items()}
CATALOGUE |= {code: status for status, code in REFUSALS.values()}
PLAYERS, RAFFLES, ORDERS = "/api/v1/players/", "/api/v1/raffles/", "/api/v1/orders/"
ANA = {"name": "Ana", "language": "es"}


def judged(answer: Any) -> tuple[int, str]:
    """Every refusal, whoever made it, looks like this."""
    body = answer.json()
    assert isinstance(body["detail"], str)
    assert body["detail"]
    assert CATALOGUE[body["code"]] == answer.status_code
    assert body.keys() <= {"code", "detail", "params", "errors"}
    if body["code"] in {"invalid", "unknown_field"}:
        assert all(isinstance(each, str) for said in body["errors"].values() for each in said)
        assert body["errors"]
    return answer.status_code, body["code"]


def at(operation: dict[str, Any], key: int = 999) -> str:
    path = str(operation["path"]).replace("{code}", "NOSUCH")
    for name in ("{id}", "{number}", "{rank}"):
        path = path.replace(name, str(key))
    return path


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_refuses_in_the_one_shape(name: str, anonymous: APIClient, staff: APIClient) -> None:
    told = operations()[name]
    address, method = at(told), told["method"]
    is_open = name.startswith("auth_")
    if not is_open:
        assert judged(getattr(anonymous, method)(address)) == (401, "not_authenticated")
        wrong = calling("raf_nobody_knows_this")
        assert judged(getattr(wrong, method)(address)) == (401, "token_unknown")
        if "{" in told["path"]:
            assert judged(getattr(staff, method)(address))[0] in {404, 403}
    assert judged(staff.generic("LOCK", address)) == (405, "method_not_allowed")
    if name not in {"proofs_file", "awards_file"}:  # what is asked for there is a picture
        picture = {"accept": "image/png"}
        assert judged(getattr(staff, method)(address, headers=picture)) == (406, "not_acceptable")


def test_a_method_that_is_not_there_names_those_that_are(consumer: APIClient) -> None:
    answer = consumer.put(RAFFLES, {}, format="json")
    assert judged(answer) == (405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) >= {"GET"}


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v1/raffles", "/api/v1/raffles/x/", "/api/nothing/"]
)
def test_an_address_that_is_not_there_is_told_in_the_same_words(anonymous: APIClient, address: str) -> None:
    assert judged(anonymous.get(address)) == (404, "not_found")
    assert judged(anonymous.post(address, {}, format="json")) == (404, "not_found")


def test_a_token_without_the_scope_hears_which_one(db: None) -> None:
    caller = calling(token_for(make_staff("reader"), "raffles:read")[1])
    answer = caller.post(PLAYERS, ANA, format="json")
    assert judged(answer) == (403, "scope_missing")
    assert answer.json()["params"] == {"scope": "contacts:write"}


def test_a_scope_that_the_user_lacks_the_right_for_opens_nothing(db: None) -> None:
    caller = calling(token_for(make_staff("new"), "staff:orders")[1])
    assert judged(caller.get(ORDERS)) == (403, "permission_denied")


def test_what_the_business_refuses_says_of_what_it_speaks(staff: APIClient) -> None:
    order = make_order(status="PAID")
    answer = staff.post(f"{ORDERS}{order.pk}/confirm-payment/", {}, format="json")
    assert judged(answer) == (409, "move_not_allowed")
    assert answer.json()["params"] == {"code": order.code, "from_status": "PAID", "to_status": "PAID"}


def test_a_key_used_for_another_call_is_refused(consumer: APIClient) -> None:
    key = {"Idempotency-Key": "one"}
    assert consumer.post(PLAYERS, ANA, format="json", headers=key).status_code == 201
    again = consumer.post(PLAYERS, {**ANA, "name": "Eva"}, format="json", headers=key)
    assert judged(again) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["k" * 256, "é" * 300])
def test_a_key_without_end_is_refused(consumer: APIClient, key: str) -> None:
    answer = consumer.post(
        PLAYERS, ANA, format="json", headers={"Idempotency-Key": key.encode().decode("latin-1")}
    )
    assert judged(answer) == (400, "invalid")


def test_a_body_larger_than_is_taken_is_refused_unread(consumer: APIClient, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = {**ANA, "name": "A" * 2000}
    assert judged(consumer.post(PLAYERS, large, format="json")) == (413, "body_too_large")
    with_key = consumer.post(PLAYERS, large, format="json", headers={"Idempotency-Key": "k"})
    assert judged(with_key) == (413, "body_too_large")


def test_a_file_larger_than_is_taken_is_refused(consumer: APIClient) -> None:
    order = make_order(status="PENDING_PAYMENT")
    _give(order, consumer)
    sent = {"file": SimpleUploadedFile("x.png", png_bytes() + b"0" * (10 * 1024 * 1024), "image/png")}
    answer = consumer.post(f"{ORDERS}{order.pk}/proofs/", sent, format="multipart")
    assert judged(answer)[0] == 413


def _give(order: Any, consumer: APIClient) -> None:
    MadeOrder.objects.create(order=order, client=Client.objects.get())


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
def test_a_body_of_another_kind_is_refused(consumer: APIClient, kind: str) -> None:
    assert judged(consumer.post(PLAYERS, b"name=Ana", content_type=kind)) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "query",
    [
        {"frist": "3"}, {"search": "x"}, {"ordering": "id"}, {"format": "json"}, {"page": "1"},
    ],
)  # fmt: skip
def test_what_is_no_filter_here_is_refused_by_name(consumer: APIClient, query: dict[str, str]) -> None:
    address = f"{RAFFLES}{make_raffle().pk}/availability/"
    answer = consumer.get(address, query)
    assert judged(answer) == (400, "unknown_field")
    assert answer.json()["errors"].keys() == query.keys()


@pytest.mark.parametrize("amount", ["2147483648", "5000000000", "999999999999999"])
def test_a_large_amount_is_credit_to_the_unit(staff: APIClient, amount: str) -> None:
    player = make_player()
    body = {"player": player.pk, "amount": amount, "currency": "PYG"}
    assert staff.post("/api/v1/payments/", body, format="json").status_code == 201
    shown = staff.get(f"{PLAYERS}{player.pk}/").json()["credit"]
    assert shown == [{"balance": {"amount": amount, "currency": "PYG"}}]


@pytest.mark.parametrize("amount", ["999999999999999", "1000000000000000.0"])
@pytest.mark.parametrize("currency", ["PYG", "USD", "KWD", "UYW"])
def test_more_money_than_there_is_is_refused(staff: APIClient, amount: str, currency: str) -> None:
    body = {"player": make_player().pk, "amount": amount, "currency": currency}
    answer = staff.post("/api/v1/payments/", body, format="json")
    assert answer.status_code == 201 or judged(answer)[0] == 400


def test_a_token_that_is_over_is_not_revoked_twice(staff: APIClient) -> None:
    made = staff.post("/api/v1/tokens/", {"client": "shop", "scopes": ["raffles:read"]}, format="json").json()
    address = f"/api/v1/tokens/{made['id']}/revoke/"
    assert staff.post(address).status_code == 200
    assert judged(staff.post(address)) == (409, "token_over")
    networks = {"client": "shop", "scopes": ["raffles:read"], "networks": ["nowhere"]}
    assert judged(staff.post("/api/v1/tokens/", networks, format="json")) == (400, "network_unreadable")


def test_a_raffle_does_not_shrink_below_what_it_sold(staff: APIClient) -> None:
    raffle = make_order(numbers=[50]).tickets.get().raffle
    for change in ({"last_number": 10}, {"first_number": 60}, {"code": make_raffle().code}):
        answer = staff.patch(f"{RAFFLES}{raffle.pk}/", change, format="json")
        assert judged(answer) == (400, "invalid")


LANGUAGES = [
    ("es", "No existe ese token.", "Este token no tiene el alcance"),
    ("pt-BR", "Esse token não existe.", "Este token não tem o escopo"),
    ("en", "There is no such token.", "This token lacks the scope"),
]


@pytest.mark.parametrize(("language", "unknown", "scope"), LANGUAGES)
def test_a_refusal_speaks_the_language_of_who_asks(language: str, unknown: str, scope: str) -> None:
    headers = {"accept-language": language}
    assert calling("raf_x_y").get(RAFFLES, headers=headers).json()["detail"] == unknown
    reader = calling(token_for(make_staff("reader"), "raffles:read")[1])
    assert reader.post(PLAYERS, ANA, format="json", headers=headers).json()["detail"].startswith(scope)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Aquí no hay tal campo."),
        ("pt-BR", "Não há esse campo aqui."),
        ("en", "There is no such field here."),
    ],
)
def test_a_field_that_is_not_valid_is_told_in_words(consumer: APIClient, language: str, said: str) -> None:
    answer = consumer.post(PLAYERS, {**ANA, "nmae": 1}, format="json", headers={"accept-language": language})
    assert answer.json()["errors"] == {"nmae": [said]}


def test_who_guesses_tokens_is_stopped_and_a_good_token_is_heard_still(
    consumer: APIClient, settings: LazySettings
) -> None:
    settings.API_RATE_ANONYMOUS = (3, 60)
    quotas.forget()
    answers = [calling(f"raf_{number}_x").get(RAFFLES) for number in range(5)]
    assert [judged(answer)[0] for answer in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    bearer = APIClient(headers={"authorization": "Bearer a.b.c"})
    assert judged(bearer.get(RAFFLES)) == (429, "throttled")
    assert consumer.get(RAFFLES).status_code == 200


def test_who_shows_no_token_is_counted_as_well(anonymous: APIClient, settings: LazySettings) -> None:
    settings.API_RATE_ANONYMOUS = (2, 60)
    quotas.forget()
    assert [judged(anonymous.get(RAFFLES))[0] for _ in range(3)] == [401, 401, 429]


def test_who_is_locked_out_hears_it_from_the_api(anonymous: APIClient, settings: LazySettings) -> None:
    make_staff("ana")
    settings.API_RATE_ANONYMOUS = (1000, 60)
    wrong = {"username": "ana", "password": "wrong"}
    answers = [anonymous.post("/api/v1/auth/sign-in/", wrong, format="json") for _ in range(7)]
    assert [judged(answer) for answer in answers] == [(401, "sign_in_failed")] * 4 + [(429, "locked_out")] * 3
    assert {answer["Retry-After"] for answer in answers[4:]} == {str(settings.LOCKOUT_MINUTES * 60)}


def test_every_refusal_of_the_business_has_a_code() -> None:
    unspoken = {"PriceDiffers"}  # of numbers sold on paper, which the API does not take
    names = {refusal.__name__ for refusal in _all_refusals() if refusal.__module__.startswith("raffles.")}
    room = {name for name in names if name not in unspoken}
    assert room - {refusal.__name__ for refusal in REFUSALS} <= _of_rooms_without_calls()


def _all_refusals() -> list[type[Refusal]]:
    return Refusal.__subclasses__()


def _of_rooms_without_calls() -> set[str]:
    """The desk is managed in the admin alone."""
    return {name for name, found in vars(desk).items() if isinstance(found, type)}


def test_head_and_options_are_answered(consumer: APIClient, anonymous: APIClient) -> None:
    raffle = make_raffle()
    read = consumer.head(f"{RAFFLES}{raffle.pk}/")
    assert (read.status_code, read.content, read["ETag"] != "") == (200, b"", True)
    assert judged(consumer.options(RAFFLES))[0] == 403
    assert judged(anonymous.options(RAFFLES))[0] == 401
