"""Tokens of the API in the admin: made, shown once, replaced, revoked."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from raffles.api.models import Token
from tests.api.conftest import calling

pytestmark = pytest.mark.django_db

ADD = "/admin/api/token/add/"
TYPED = {"client": "Website", "scopes": ["raffles:read"], "networks": "", "days": "365"}


@pytest.fixture
def boss(client: Browser) -> Browser:
    client.force_login(User.objects.create_superuser("boss", password="a long password of a test"))
    return client


def made(boss: Browser) -> str:
    page = boss.post(ADD, TYPED)
    found = re.search(r"<code>(raf_\w+?_[\w-]+)</code>", page.content.decode())
    assert found, page.content.decode()
    return found[1]


def test_a_token_is_shown_once_and_works(boss: Browser) -> None:
    secret = made(boss)
    assert calling(secret).get("/api/v1/raffles/").status_code == 200
    token = Token.objects.get()
    for address in (
        reverse("admin:api_token_changelist"),
        reverse("admin:api_token_change", args=[token.pk]),
    ):
        page = boss.get(address).content.decode()
        assert token.prefix in page
        assert secret not in page


def test_the_page_with_the_secret_is_kept_nowhere(boss: Browser) -> None:
    assert "no-store" in boss.post(ADD, TYPED)["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"scopes": []}, "scopes"), ({"client": ""}, "client"), ({"networks": "my office"}, "networks")],
)
def test_what_is_missing_is_said_beside_its_field(
    boss: Browser, typed: dict[str, object], field: str
) -> None:
    page = boss.post(ADD, {**TYPED, **typed})
    assert page.context["form"].errors[field]
    assert not Token.objects.exists()


def test_replaced_without_overlap_the_old_one_is_over_at_once(boss: Browser) -> None:
    old = made(boss)
    token = Token.objects.get()
    page = boss.post(reverse("admin:api_token_replace", args=[token.pk]), {"overlap": "0"}).content.decode()
    new = re.search(r"<code>(raf_\w+?_[\w-]+)</code>", page)
    assert new is not None
    assert calling(old).get("/api/v1/raffles/").status_code == 401
    assert calling(new[1]).get("/api/v1/raffles/").status_code == 200


def test_revoked_after_a_question(boss: Browser) -> None:
    secret = made(boss)
    address = reverse("admin:api_token_revoke", args=[Token.objects.get().pk])
    assert boss.get(address).status_code == 200
    assert calling(secret).get("/api/v1/raffles/").status_code == 200
    boss.post(address)
    assert calling(secret).get("/api/v1/raffles/").status_code == 401
    again = boss.post(address, follow=True, headers={"Accept-Language": "en"})
    assert "was revoked or was replaced already" in again.content.decode()


def test_without_the_right_there_is_no_door(client: Browser) -> None:
    client.force_login(User.objects.create_user("eva", password="a long password of a test", is_staff=True))
    for address in (ADD, "/admin/api/token/1/revoke/", "/admin/api/token/1/replace/"):
        assert client.post(address, TYPED).status_code == 403
    assert not Token.objects.exists()
