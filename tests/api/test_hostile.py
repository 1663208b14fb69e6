"""What nobody sends by mistake: it is refused like everything else, and is no defect."""

from __future__ import annotations

import base64
import json

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from raffles.api.filtering import MOST_WORDS
from tests.api.conftest import calling
from tests.api.documented import operations
from tests.api.test_errors import ANA, ORDERS, PLAYERS, RAFFLES, judged
from tests.factories import make_raffle

pytestmark = pytest.mark.django_db

HOSTILE: dict[str, bytes] = {
    "cut off": b'{"name": "Ana"',
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "not UTF-8": b'{"name": "\xff\xfe", "language": "es"}',
    "a NUL": b'{"name": "A\\u0000", "language": "es"}',
    "half a sign": b'{"name": "\\ud800", "language": "es"}',
    "half a sign as a name": b'{"\\ud800": 1}',
    "half a sign as a choice": b'{"name": "Ana", "language": "\\udc00"}',
    "nested without end": b"[" * 200_000,
    "a number without end": b'{"name": "Ana", "language": ' + b"9" * 5000 + b"}",
    "not a number": b'{"name": NaN, "language": "es"}',
    "infinity": b'{"name": "Ana", "language": 1e999}',
    "an object for a word": b'{"name": {"a": [1]}, "language": "es"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("key", ["", "a-key"])
def test_a_hostile_body_is_a_mistake_of_the_caller(consumer: APIClient, body: bytes, key: str) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    answer = consumer.post(PLAYERS, body, content_type="application/json", headers=headers)
    assert judged(answer)[0] == 400


@pytest.mark.parametrize("codec", ["utf-16", "utf-7", "latin-1", "cp037"])
def test_a_body_is_utf_8_whatever_its_header_says(consumer: APIClient, codec: str) -> None:
    kind = f"application/json; charset={codec}"
    sent = json.dumps(ANA).encode()
    assert consumer.post(PLAYERS, sent, content_type=kind).status_code == 201
    assert consumer.get(f"{RAFFLES}?search=%C3%A9", headers={"content-type": kind}).status_code == 200


INSTANTS = {
    "before the calendar begins": "0001-01-01T00:00:00+14:00",
    "after it ends": "9999-12-31T23:59:59-03:00",
    "after it ends, without its zone": "9999-12-31T23:59:59",
}
LISTS = sorted(
    (told["path"], parameter["name"])
    for told in operations().values()
    for parameter in told.get("parameters", ())
    if told["method"] == "get" and parameter["schema"].get("format") == "date-time"
)


@pytest.mark.parametrize(("address", "name"), LISTS)
def test_an_instant_that_no_database_knows_is_no_defect(
    everything: APIClient, address: str, name: str
) -> None:
    for instant in INSTANTS.values():
        answer = everything.get(address, {name: instant})
        assert judged(answer) == (400, "invalid"), instant
        assert list(answer.json()["errors"]) == [name]
    for instant in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert everything.get(address, {name: instant}).status_code == 200


@pytest.mark.parametrize("instant", INSTANTS.values(), ids=INSTANTS)
def test_such_an_instant_in_a_body_is_none_either(staff: APIClient, instant: str) -> None:
    raffle = make_raffle(status="DRAFT")
    answer = staff.patch(f"{RAFFLES}{raffle.pk}/", {"draw_at": instant}, format="json")
    assert judged(answer) == (400, "invalid")
    wish = {"client": "shop", "scopes": ["raffles:read"], "expires_at": instant}
    assert judged(staff.post("/api/v1/tokens/", wish, format="json")) == (400, "invalid")


@pytest.mark.parametrize("address", [ORDERS, PLAYERS, RAFFLES, "/api/v1/payments/", "/api/v1/contacts/"])
def test_a_search_has_as_many_words_as_anybody_types(staff: APIClient, address: str) -> None:
    assert staff.get(address, {"search": "a " * MOST_WORDS}).status_code == 200
    answer = staff.get(address, {"search": "a " * 1100}, headers={"accept-language": "es"})
    assert judged(answer) == (400, "invalid")
    assert answer.json()["errors"] == {"search": ["Como máximo 10 palabras."]}


@pytest.mark.parametrize("position", ["x", "9" * 400, "1\0", "-1e5", ""])
def test_a_cursor_written_by_hand_is_none(consumer: APIClient, position: str) -> None:
    cursor = base64.b64encode(f"p={position}".encode()).decode()
    answer = consumer.get(RAFFLES, {"cursor": cursor})
    assert answer.status_code == 200 or judged(answer) == (404, "not_found")


def test_a_network_of_addresses_is_one_caller(anonymous: APIClient, settings: Settings) -> None:
    settings.API_RATE_ANONYMOUS = (3, 3600)
    calls = [
        anonymous.post("/api/v1/auth/refresh/", {}, format="json", REMOTE_ADDR=f"2001:db8:0:7::{place}")
        for place in range(4)
    ]
    assert [call.status_code for call in calls] == [400, 400, 400, 429]
    guesses = [
        calling("raf_1_2").get("/api/v1/orders/", REMOTE_ADDR=f"2001:db8:0:7:{place}::1")
        for place in range(4)
    ]
    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429]
