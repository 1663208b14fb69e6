"""Signatures, judged by the reference library of Standard Webhooks and by its published example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from raffles.hooks.sealing import opened, sealed
from raffles.hooks.signing import is_genuine, is_secret, new_secret, signed_headers
from tests import factories

BODY = b'{"id":"evt_1","type":"order.paid"}'
NOW = int(factories.NOW.timestamp())


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """The library reads the clock itself."""
    with time_machine.travel(factories.NOW, tick=False):
        yield


def signed(*secrets: str, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    return signed_headers(secrets, event_id="evt_1", at=at, body=body)


def test_the_published_example_has_the_published_signature() -> None:
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_library_takes_what_we_sign() -> None:
    secret = new_secret()
    assert Webhook(secret).verify(BODY, signed(secret)) == json.loads(BODY)


def test_it_refuses_another_body_another_secret_and_an_old_instant() -> None:
    secret = new_secret()
    for headers, body in (
        (signed(secret), BODY.replace(b"paid", b"lost")),
        (signed(new_secret()), BODY),
        (signed(secret, at=NOW - 3600), BODY),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers)


def test_with_two_secrets_who_knows_either_takes_it() -> None:
    new, old = new_secret(), new_secret()
    headers = signed(new, old)
    for secret in (new, old):
        Webhook(secret).verify(BODY, headers)
        assert is_genuine(secret, headers, BODY, now=NOW)


def test_our_own_receiver_takes_what_the_library_signs() -> None:
    secret = new_secret()
    at = datetime.fromtimestamp(NOW, tz=UTC)
    signature = Webhook(secret).sign("evt_1", at, BODY.decode())
    headers = {"webhook-id": "evt_1", "webhook-timestamp": str(NOW), "webhook-signature": signature}
    assert is_genuine(secret, headers, BODY, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "evt_2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,ñ"},
    ],
)
def test_our_own_receiver_refuses_what_was_changed(changes: dict[str, str]) -> None:
    secret = new_secret()
    headers = signed(secret)
    assert is_genuine(secret, headers, BODY, now=NOW)
    assert not is_genuine(secret, headers | changes, BODY, now=NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_our_own_receiver_refuses_what_is_five_minutes_off(seconds: int) -> None:
    secret = new_secret()
    assert not is_genuine(secret, signed(secret), BODY, now=NOW + seconds)


def test_every_secret_is_new_and_long_enough() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(is_secret(one) for one in made)
    for wrong in ("", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", next(iter(made)).removeprefix("whsec_")):
        assert not is_secret(wrong), wrong


def test_a_sealed_secret_is_not_in_the_row_and_comes_back() -> None:
    secret = new_secret()
    assert secret.removeprefix("whsec_") not in sealed(secret)
    assert opened(sealed(secret)) == secret
