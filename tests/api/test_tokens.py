"""Tokens: what opens, what does not any more, and what a copy of the database gives away."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from raffles.api.actions import revoke_token, rotate_token
from raffles.api.models import Token
from raffles.api.scopes import Scope
from raffles.audit.models import AuditEntry
from tests.api.conftest import CONSUMER, allowed, calling, token_for
from tests.factories import NOW, make_staff

pytestmark = pytest.mark.django_db

AT = "/api/v1/raffles/"
# What `staff:tokens` opens.
OPENED_BY_TOKENS = {"staff:tokens", "raffles:read"}
BODY = {"client": "Website", "scopes": ["raffles:read"]}


def test_a_dump_of_the_database_has_no_token_in_it() -> None:
    token, secret = token_for(make_staff(), *CONSUMER)
    dump = io.StringIO()
    call_command("dumpdata", "api", stdout=dump)
    assert token.prefix in dump.getvalue()
    assert secret.removeprefix(f"{token.prefix}_") not in dump.getvalue()


def test_nothing_shown_is_nothing_opened(anonymous: APIClient) -> None:
    answer = anonymous.get(AT)
    assert (answer.status_code, answer.data["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("shown", ["", "raf", "raf_123456789abc_wrong", "ñ", "a b", "raf_" + "x" * 5000])
def test_what_is_no_token_opens_nothing(shown: str) -> None:
    answer = APIClient().get(AT, HTTP_AUTHORIZATION=f"Token {shown}".encode().decode("latin-1"))
    assert (answer.status_code, answer.data["code"]) == (401, "token_unknown")


def test_the_right_prefix_with_another_secret_opens_nothing() -> None:
    token, _secret = token_for(make_staff(), *CONSUMER)
    answer = calling(f"{token.prefix}_guessed").get(AT)
    assert answer.data["code"] == "token_unknown"


def test_a_revoked_token_opens_nothing() -> None:
    token, secret = token_for(make_staff(), *CONSUMER)
    assert calling(secret).get(AT).status_code == 200
    revoke_token(token=token, by=make_staff(), now=NOW)
    answer = calling(secret).get(AT)
    assert (answer.status_code, answer.data["code"]) == (401, "token_refused")


def test_a_token_ends(clock: time_machine.Traveller) -> None:
    _token, secret = token_for(make_staff(), *CONSUMER, expires_at=NOW + timedelta(hours=1))
    clock.shift(timedelta(minutes=59))
    assert calling(secret).get(AT).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert calling(secret).get(AT).status_code == 401


def test_a_token_of_a_user_who_left_opens_nothing() -> None:
    user = make_staff()
    _token, secret = token_for(user, *CONSUMER)
    type(user).objects.update(is_active=False)
    assert calling(secret).get(AT).status_code == 401


def test_a_token_opens_from_its_networks_only() -> None:
    _token, secret = token_for(make_staff(), *CONSUMER, networks=["203.0.113.0/24"])
    assert calling(secret).get(AT, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert calling(secret).get(AT, REMOTE_ADDR="198.51.100.9").status_code == 401


def test_its_last_use_is_noted_once_a_minute(clock: time_machine.Traveller) -> None:
    token, secret = token_for(make_staff(), *CONSUMER)
    for seconds, noted in ((0, 0), (30, 0), (60, 60)):
        clock.move_to(NOW + timedelta(seconds=seconds))
        calling(secret).get(AT)
        token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(seconds=noted)


def test_the_old_token_works_until_the_overlap_is_over(clock: time_machine.Traveller) -> None:
    token, old = token_for(make_staff(), *CONSUMER)
    _fresh, new = rotate_token(token=token, overlap=timedelta(hours=2), by=make_staff(), now=NOW)
    assert [calling(secret).get(AT).status_code for secret in (old, new)] == [200, 200]
    clock.shift(timedelta(hours=2))
    assert [calling(secret).get(AT).status_code for secret in (old, new)] == [401, 200]


def test_staff_make_rotate_and_revoke_a_token_by_api(staff: APIClient) -> None:
    made = staff.post("/api/v1/tokens/", BODY, format="json")
    assert (made.status_code, made.data["scopes"]) == (201, ["raffles:read"])
    assert calling(made.data["token"]).get(AT).status_code == 200
    listed = staff.get(f"/api/v1/tokens/{made.data['id']}/").data
    assert "token" not in listed

    fresh = staff.post(f"/api/v1/tokens/{made.data['id']}/rotate/", {"overlap_hours": 0}, format="json")
    assert calling(made.data["token"]).get(AT).status_code == 401
    assert staff.post(f"/api/v1/tokens/{fresh.data['id']}/revoke/").data["revoked_at"] is not None
    assert calling(fresh.data["token"]).get(AT).status_code == 401
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-3:] == [
        "token.made", "token.rotated", "token.revoked",
    ]  # fmt: skip


def test_rotating_twice_is_refused(staff: APIClient) -> None:
    made = staff.post("/api/v1/tokens/", BODY, format="json").data
    at = f"/api/v1/tokens/{made['id']}/rotate/"
    assert [staff.post(at, {}, format="json").status_code for _ in range(2)] == [201, 409]


def test_a_token_gives_no_more_than_it_has() -> None:
    user = allowed(make_staff(), "api.manage_token")
    _token, secret = token_for(user, "staff:tokens")
    wanted = {"client": "More", "scopes": ["staff:payments"]}
    answer = calling(secret).post("/api/v1/tokens/", wanted, format="json")
    assert (answer.status_code, Token.objects.count()) == (403, 1)


def manager(*scopes: str, **fields: Any) -> tuple[APIClient, Token]:
    token, secret = token_for(allowed(make_staff(), "api.manage_token"), "staff:tokens", *scopes, **fields)
    return calling(secret), token


def made_by(caller: APIClient, *scopes: str, client: str = "Website") -> int:
    wish = {"client": client, "scopes": list(scopes)}
    return int(caller.post("/api/v1/tokens/", wish, format="json").status_code)


@pytest.mark.parametrize("scope", [scope for scope in Scope.values if scope not in OPENED_BY_TOKENS])
def test_a_token_gives_no_scope_that_it_does_not_open(scope: str) -> None:
    caller, token = manager()
    assert made_by(caller, "raffles:read", scope) == 403
    assert made_by(caller, "raffles:read", scope, client=token.client.name) == 403
    assert made_by(manager(scope)[0], scope) == 201


def test_a_token_is_none_of_another_program() -> None:
    """It would read the orders that the other one made, and stand in for it."""
    caller, own = manager("orders:own", client="Books")
    owner = own.client.user
    shop, _secret = token_for(owner, "orders:own", client="Shop")
    wide = calling(token_for(owner, "staff:*", "orders:own", client="Desk")[1])
    assert made_by(caller, "orders:own", client="Shop") == 403
    assert caller.post(f"/api/v1/tokens/{shop.pk}/rotate/", {}, format="json").status_code == 403
    assert Token.objects.filter(client=shop.client).count() == 1
    assert [made_by(caller, "orders:own", client=name) for name in ("Books", "New")] == [201, 201]
    assert made_by(wide, "orders:own", client="Shop") == 201


def test_a_person_in_an_app_makes_tokens_for_programs() -> None:
    user = allowed(make_staff("ana"), "api.manage_token")
    signed_in = {"username": "ana", "password": "a long password of a test"}
    pair = APIClient().post("/api/v1/auth/sign-in/", signed_in, format="json").data
    person = APIClient(headers={"authorization": f"Bearer {pair['access']}"})
    token_for(user, "orders:own", client="Shop")
    assert [made_by(person, *CONSUMER, client=name) for name in ("Shop", "New")] == [201, 201]


def test_no_token_outlives_the_one_that_asked_for_its_successor(clock: time_machine.Traveller) -> None:
    ends = NOW + timedelta(days=90)
    caller, own = manager(client="Shop", expires_at=ends)
    endless, _secret = token_for(own.client.user, "staff:tokens", client="Shop")
    clock.shift(timedelta(days=80))
    for token in (endless, own):
        answer = caller.post(f"/api/v1/tokens/{token.pk}/rotate/", {}, format="json")
        assert (answer.status_code, Token.objects.get(pk=answer.data["id"]).expires_at) == (201, ends)


def test_a_token_that_is_over_has_no_successor(staff: APIClient, clock: time_machine.Traveller) -> None:
    wish = BODY | {"expires_at": (NOW + timedelta(hours=1)).isoformat()}
    made = staff.post("/api/v1/tokens/", wish, format="json").data
    clock.shift(timedelta(hours=1))
    answer = staff.post(f"/api/v1/tokens/{made['id']}/rotate/", {}, format="json")
    assert (answer.status_code, answer.data["code"]) == (409, "token_over")
    assert answer.data["detail"].endswith("venció, fue revocado o ya fue reemplazado")
    assert Token.objects.filter(client__name="Website").count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"networks": ["0.0.0.0/0"]},
        {"networks": ["203.0.113.0/25", "198.51.100.7"]},
        {"networks": ["203.0.0.0/16"]},
        {"networks": ["2001:db8::/32"]},
        {"expires_at": "2026-11-21T16:00:01Z"},
    ],
)
def test_a_token_makes_none_that_is_good_from_elsewhere_or_for_longer(more: dict[str, object]) -> None:
    limited: dict[str, Any] = {"networks": ["203.0.113.0/24"], "expires_at": NOW + timedelta(hours=1)}
    user = allowed(make_staff(), "api.manage_token")
    caller = calling(token_for(user, "staff:tokens", "raffles:read", **limited)[1])
    answer = caller.post("/api/v1/tokens/", BODY | more, format="json", REMOTE_ADDR="203.0.113.9")
    assert (answer.status_code, Token.objects.count()) == (403, 1)


def test_what_a_token_makes_is_limited_as_it_is_itself() -> None:
    limited: dict[str, Any] = {"networks": ["203.0.113.0/24"], "expires_at": NOW + timedelta(hours=1)}
    user = allowed(make_staff(), "api.manage_token")
    caller = calling(token_for(user, "staff:tokens", **limited)[1])
    made = caller.post("/api/v1/tokens/", BODY, format="json", REMOTE_ADDR="203.0.113.9").data
    token = Token.objects.get(pk=made["id"])
    assert (token.networks, token.expires_at) == (["203.0.113.0/24"], NOW + timedelta(hours=1))
    narrower = {
        **BODY,
        "client": "Another",
        "networks": ["203.0.113.9"],
        "expires_at": "2026-11-21T15:30:00Z",
    }
    answer = caller.post("/api/v1/tokens/", narrower, format="json", REMOTE_ADDR="203.0.113.9")
    assert (answer.status_code, answer.data["networks"]) == (201, ["203.0.113.9/32"])


def test_no_token_is_replaced_from_where_the_new_one_would_not_be_good() -> None:
    user = allowed(make_staff(), "api.manage_token")
    free, _secret = token_for(user, "staff:tokens", client="Bound")
    caller = calling(token_for(user, "staff:tokens", client="Bound", networks=["203.0.113.0/24"])[1])
    at = f"/api/v1/tokens/{free.pk}/rotate/"
    assert caller.post(at, {}, format="json", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_who_replaces_a_token_that_ends_gets_one_that_ends(clock: time_machine.Traveller) -> None:
    token, _secret = token_for(make_staff(), *CONSUMER, expires_at=NOW + timedelta(days=90))
    later = NOW + timedelta(days=80)
    fresh, _secret = rotate_token(token=token, overlap=timedelta(hours=1), by=make_staff(), now=later)
    assert fresh.expires_at == later + timedelta(days=90)


def test_a_token_acts_for_nobody_who_has_a_client_of_the_same_name() -> None:
    """Two who make it at the same moment both find the name free."""
    token_for(make_staff(), *CONSUMER, client="Website")
    with pytest.raises(IntegrityError), transaction.atomic():
        token_for(make_staff(), *CONSUMER, client="Website")
    assert Token.objects.count() == 1


def test_tokens_of_others_are_not_there(staff: APIClient) -> None:
    token, _secret = token_for(make_staff(), *CONSUMER)
    assert staff.get(f"/api/v1/tokens/{token.pk}/").status_code == 404
    assert staff.post(f"/api/v1/tokens/{token.pk}/revoke/").status_code == 404
