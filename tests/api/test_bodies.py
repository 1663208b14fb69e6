"""What a call says beside its address: nothing of it is passed over."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from rest_framework.test import APIClient

from raffles.api.errors import LengthMissing
from raffles.api.parsing import require_length
from raffles.numbers.models import Raffle
from raffles.sales.models import Payment
from tests.api.documented import operations
from tests.api.test_errors import at, judged
from tests.factories import make_order, make_raffle

pytestmark = pytest.mark.django_db

CHANGES = {name: told for name, told in operations().items() if told["method"] not in {"get"}}
BODILESS = sorted(name for name, told in CHANGES.items() if "requestBody" not in told)


def asked(caller: APIClient, name: str, address: str, body: bytes = b"", **headers: Any) -> Any:
    method = CHANGES[name]["method"]
    return caller.generic(method, address, body.decode(), content_type="application/json", **headers)


@pytest.mark.parametrize("body", [b'{"amount": "1"}', b"[1]", b"7", b"null", b'"abc"', b'{"a": '])
def test_credit_is_spent_by_no_call_that_says_something_else(staff: APIClient, body: bytes) -> None:
    order = make_order(status="UNDER_REVIEW")
    answer = asked(staff, "orders_pay_with_credit", f"/api/v1/orders/{order.pk}/pay-with-credit/", body)
    assert judged(answer)[0] == 400
    assert not Payment.objects.exists()


@pytest.mark.parametrize("name", BODILESS)
def test_a_call_that_takes_no_body_refuses_each_field_by_name(everything: APIClient, name: str) -> None:
    answer = asked(everything, name, at(CHANGES[name]), b'{"surprise": 1}')
    assert judged(answer) == (400, "unknown_field")
    assert list(answer.json()["errors"]) == ["surprise"]


@pytest.mark.parametrize("name", BODILESS)
def test_a_call_that_takes_no_body_takes_an_empty_one(everything: APIClient, name: str) -> None:
    for body in (b"", b"{}"):
        assert judged(asked(everything, name, at(CHANGES[name]), body))[0] in {403, 404}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_no_call_that_changes_something_takes_words_in_its_address(everything: APIClient, name: str) -> None:
    answer = asked(everything, name, f"{at(CHANGES[name])}?reason=zzz", b"{}")
    assert judged(answer) == (400, "unknown_field")
    assert list(answer.json()["errors"]) == ["reason"]


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_every_call_that_changes_something_says_how_long_it_is(everything: APIClient, name: str) -> None:
    answer = asked(everything, name, at(CHANGES[name]), b"{}", HTTP_TRANSFER_ENCODING="chunked")
    assert judged(answer) == (411, "length_required")
    assert "length_required" in CHANGES[name]["responses"]["411"]["x-codes"]


@pytest.mark.parametrize(("body", "is_refused"), [(b'{"amount":"1"}', True), (b"", False)])
def test_http_2_has_no_word_for_a_body_without_length(body: bytes, is_refused: bool) -> None:
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    request: Any = WSGIRequest(environ)
    if not is_refused:
        return require_length(request)
    with pytest.raises(LengthMissing):
        require_length(request)
    return None


@pytest.mark.parametrize("body", [b"[1]", b"7", b"null", b'"abc"', b"[]", b"true"])
@pytest.mark.parametrize("key", ["", "k1"])
def test_a_raffle_is_changed_by_an_object_alone(staff: APIClient, body: bytes, key: str) -> None:
    raffle = make_raffle()
    before = Raffle.objects.values().get()
    headers = {"Idempotency-Key": key} if key else {}
    answer = staff.patch(
        f"/api/v1/raffles/{raffle.pk}/", body, content_type="application/json", headers=headers
    )
    assert judged(answer) == (400, "invalid")
    assert Raffle.objects.values().get() == before
