"""People in an app: a short token to call with, a longer one that buys the next pair once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from rest_framework.test import APIClient

from config.people.second_factor import PERIOD, add_factor, new_secret
from raffles.api.models import AppSession
from raffles.api.sweeping import sweep
from tests.api.conftest import allowed
from tests.factories import NOW, make_order, make_staff

pytestmark = pytest.mark.django_db

PASSWORD = "a long password of a test"


def sign_in(user: User, **words: str) -> Any:
    body = {"username": user.username, "password": PASSWORD, **words}
    return APIClient().post("/api/v1/auth/sign-in/", body, format="json")


def with_access(access: str) -> APIClient:
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return caller


def refreshed(refresh: str) -> Any:
    return APIClient().post("/api/v1/auth/refresh/", {"refresh": refresh}, format="json")


@pytest.fixture
def cashier() -> User:
    rights = ("sales.view_order", "raffles.see_every_raffle", "sales.confirm_payment")
    return allowed(make_staff("cashier"), *rights)


def opened(access: str) -> int:
    return int(with_access(access).get("/api/v1/orders/").status_code)


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def code_of(secret: str, at: Any) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD)))


def test_signed_in_they_may_what_they_may_in_the_admin(cashier: User) -> None:
    caller = with_access(sign_in(cashier).data["access"])
    order = make_order(status="UNDER_REVIEW")
    assert caller.get("/api/v1/orders/").data["results"][0]["id"] == order.pk
    assert caller.post(f"/api/v1/orders/{order.pk}/confirm-payment/", {}, format="json").status_code == 200
    assert caller.get("/api/v1/refunds/").status_code == 403


@pytest.mark.parametrize("words", [{"password": "wrong"}, {"username": "nobody"}])
def test_every_failure_sounds_the_same(cashier: User, words: dict[str, str]) -> None:
    answer = sign_in(cashier, **words)
    assert (answer.status_code, answer.data["code"]) == (401, "sign_in_failed")


def test_who_is_no_staff_has_no_account_here() -> None:
    assert sign_in(User.objects.create_user("buyer", password=PASSWORD)).status_code == 401


class TestLockOut:
    def tried(self, user: User, times: int, **words: str) -> list[tuple[int, str]]:
        answers = [sign_in(user, **{"password": "wrong", **words}) for _ in range(times)]
        return [(answer.status_code, answer.json()["code"]) for answer in answers]

    def test_whoever_tries_too_often_is_told_how_long_to_wait(
        self, cashier: User, clock: time_machine.Traveller
    ) -> None:
        assert self.tried(cashier, 5)[3:] == [(401, "sign_in_failed"), (429, "locked_out")]
        clock.shift(timedelta(minutes=4))
        answer = sign_in(cashier)
        assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
        assert int(answer["Retry-After"]) == (settings.LOCKOUT_MINUTES - 4) * 60
        assert sign_in(make_staff("other")).status_code == 200

    def test_it_is_as_long_as_it_said_and_a_try_meanwhile_makes_it_no_longer(
        self, cashier: User, clock: time_machine.Traveller
    ) -> None:
        self.tried(cashier, 5)
        clock.shift(timedelta(minutes=5))
        wait = int(sign_in(cashier, password="wrong")["Retry-After"])
        clock.shift(timedelta(seconds=wait - 1))
        assert sign_in(cashier)["Retry-After"] == "1"
        clock.shift(timedelta(seconds=2))
        assert sign_in(cashier).status_code == 200

    @pytest.mark.parametrize("who", ["staff", "nobody", "closed", "buyer", "buyer, right password"])
    def test_it_tells_nobody_which_names_and_passwords_there_are(self, cashier: User, who: str) -> None:
        """Who is no staff is refused with the right password as well, and must not be refused otherwise."""
        User.objects.create_user("closed", password=PASSWORD, is_staff=True, is_active=False)
        User.objects.create_user("buyer", password=PASSWORD)
        name = cashier.username if who == "staff" else who.partition(",")[0]
        password = PASSWORD if "right" in who else "wrong"
        assert self.tried(cashier, 7, username=name, password=password) == (
            [(401, "sign_in_failed")] * 4 + [(429, "locked_out")] * 3
        )

    def test_wrong_codes_are_answered_as_wrong_passwords(
        self, cashier: User, clock: time_machine.Traveller
    ) -> None:
        secret = new_secret()
        add_factor(cashier, secret, code_of(secret, NOW), NOW)
        clock.shift(timedelta(minutes=2))
        right = {"password": PASSWORD, "code": code_of(secret, NOW + timedelta(minutes=2))}
        assert self.tried(cashier, 5, password=PASSWORD, code="000000") == (
            [(401, "sign_in_failed")] * 4 + [(429, "locked_out")]
        )
        assert self.tried(cashier, 1, **right) == [(429, "locked_out")]

    @pytest.mark.parametrize(
        ("language", "said"),
        [("es", "Demasiados intentos fallidos."), ("pt-BR", "Tentativas erradas"), ("en", "Too many wrong")],
    )
    def test_it_is_told_in_words(self, cashier: User, language: str, said: str) -> None:
        self.tried(cashier, 5)
        body = {"username": cashier.username, "password": PASSWORD}
        headers = {"accept-language": language}
        answer = APIClient().post("/api/v1/auth/sign-in/", body, format="json", headers=headers)
        assert answer.json()["detail"].startswith(said)


def test_the_short_token_ends_after_ten_minutes(cashier: User, clock: time_machine.Traveller) -> None:
    access = sign_in(cashier).data["access"]
    clock.shift(timedelta(minutes=9))
    assert opened(access) == 200
    clock.shift(timedelta(minutes=2))
    assert opened(access) == 401


def test_the_longer_one_buys_the_next_pair_once(cashier: User) -> None:
    first = sign_in(cashier).data
    second = refreshed(first["refresh"])
    assert (second.status_code, opened(second.data["access"])) == (200, 200)
    assert refreshed(second.data["refresh"]).status_code == 200


def test_a_used_one_shown_again_closes_the_whole_session(cashier: User) -> None:
    first = sign_in(cashier).data
    second = refreshed(first["refresh"]).data
    stolen = refreshed(first["refresh"])
    assert (stolen.status_code, stolen.data["code"]) == (401, "token_not_valid")
    assert refreshed(second["refresh"]).status_code == 401
    assert opened(second["access"]) == 401


def test_another_session_of_the_same_person_goes_on(cashier: User) -> None:
    first, other = sign_in(cashier).data, sign_in(cashier).data
    refreshed(first["refresh"])
    refreshed(first["refresh"])
    assert refreshed(other["refresh"]).status_code == 200


def test_signing_out_ends_the_short_token_too(cashier: User) -> None:
    pair = sign_in(cashier).data
    answer = APIClient().post("/api/v1/auth/sign-out/", {"refresh": pair["refresh"]}, format="json")
    assert (answer.status_code, opened(pair["access"])) == (204, 401)


def test_a_new_password_ends_what_the_old_one_opened(cashier: User) -> None:
    pair = sign_in(cashier).data
    cashier.set_password("another long password")
    cashier.save()
    assert (opened(pair["access"]), refreshed(pair["refresh"]).status_code) == (401, 401)


@pytest.mark.parametrize("how", ["none", "other key", "other kind", "garbage"])
def test_forged_tokens_open_nothing(cashier: User, how: str) -> None:
    pair = sign_in(cashier).data
    claims = jwt.decode(pair["access"], options={"verify_signature": False})
    forged = {
        "none": jwt.encode(claims, "", algorithm="none"),
        "other key": jwt.encode(claims, "x" * 64, algorithm="HS256"),
        "other kind": pair["refresh"],
        "garbage": "a.b.c",
    }[how]
    assert opened(forged) == 401


def test_the_database_keeps_no_token(cashier: User) -> None:
    pair = sign_in(cashier).data
    kept = str(AppSession.objects.values())
    assert pair["refresh"] not in kept
    assert pair["access"] not in kept


def test_sessions_that_are_over_are_swept(cashier: User) -> None:
    first, later = sign_in(cashier).data, sign_in(cashier).data
    AppSession.objects.filter(newest=claims_of(first["refresh"])["jti"]).update(expires_at=NOW)
    sweep(NOW)
    assert AppSession.objects.get().newest == claims_of(later["refresh"])["jti"]
    assert (opened(first["access"]), refreshed(first["refresh"]).status_code) == (401, 401)


class TestSecondFactor:
    def test_taken_away_it_signs_out_the_apps_it_was_shown_in(
        self, cashier: User, clock: time_machine.Traveller
    ) -> None:
        secret = new_secret()
        add_factor(cashier, secret, code_of(secret, NOW - timedelta(seconds=PERIOD)), NOW)
        pair = sign_in(cashier, code=code_of(secret, NOW)).data
        assert opened(pair["access"]) == 200
        call_command("remove_second_factor", cashier.username)
        assert (opened(pair["access"]), refreshed(pair["refresh"]).status_code) == (401, 401)

    def test_the_code_is_asked_of_who_has_one(self, cashier: User, clock: time_machine.Traveller) -> None:
        secret = new_secret()
        assert add_factor(cashier, secret, code_of(secret, NOW), NOW)
        clock.shift(timedelta(minutes=2))
        later = NOW + timedelta(minutes=2)
        assert sign_in(cashier).status_code == 401
        assert sign_in(cashier, code="000000").status_code == 401
        assert sign_in(cashier, code=code_of(secret, later)).status_code == 200
        assert sign_in(cashier, code=code_of(secret, later)).status_code == 401

    def test_without_it_no_money_moves_where_the_group_needs_one(self, cashier: User, settings: Any) -> None:
        settings.SECOND_FACTOR_GROUPS = ["operator"]
        cashier.groups.add(Group.objects.get_or_create(name="operator")[0])
        order = make_order(status="UNDER_REVIEW")
        caller = with_access(sign_in(cashier).data["access"])
        answer = caller.post(f"/api/v1/orders/{order.pk}/confirm-payment/", {}, format="json")
        assert (answer.status_code, answer.data["code"]) == (403, "second_factor_needed")
        assert caller.get("/api/v1/orders/").status_code == 200
