"""How tests come in: by password, by code, from an address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.people.second_factor import PERIOD, add_factor, new_recovery_codes, new_secret
from tests.factories import NOW

PASSWORD = "cuatro caballos verdes"
LOGIN = "/admin/login/"


def knock(client: Client, password: str = PASSWORD, *, name: str = "ana", **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def code_at(secret: str, at: datetime) -> str:
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD)))


def equip(user: User, at: datetime = NOW) -> tuple[str, list[str]]:
    """A second factor that was set up a while before `at`, and its recovery codes."""
    secret, before = new_secret(), at.replace(hour=at.hour - 1)
    assert add_factor(user, secret, code_at(secret, before), before)
    return secret, new_recovery_codes(user)


def give_code(client: Client, code: str, *, to: str = "/admin/") -> Any:
    return client.post(reverse("sign_in_code"), {"code": code, "next": to})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
