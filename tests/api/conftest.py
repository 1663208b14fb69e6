"""Callers of every kind, and the objects they call about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from raffles.api import quotas
from raffles.api.actions import make_token
from raffles.api.models import Token
from raffles.api.scopes import Scope
from tests.factories import NOW, make_staff

CONSUMER = ("raffles:read", "raffles:reserve", "orders:own", "contacts:write", "webhooks:own")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _fresh_quotas() -> Iterator[None]:
    quotas.forget()
    yield
    quotas.forget()


def allowed(user: User, *rights: str) -> User:
    for right in rights:
        label, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))
    return User.objects.get(pk=user.pk)


def token_for(user: User, *scopes: str, client: str = "", **fields: Any) -> tuple[Token, str]:
    name = client or f"client of {user.username} {'+'.join(scopes)}"[:80]
    return make_token(client_name=name, user=user, scopes=scopes, by=user, now=NOW, **fields)


def calling(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


Caller = Callable[..., APIClient]


@pytest.fixture
def consumer(db: None) -> APIClient:
    """A shop: it reads raffles, brings players, reserves and follows its own orders."""
    return calling(token_for(make_staff("shop"), *CONSUMER)[1])


@pytest.fixture
def staff(db: None) -> APIClient:
    """Everything, through a superuser's token."""
    user = User.objects.create_superuser("boss", password="a long password of a test")
    return calling(token_for(user, "staff:*")[1])


@pytest.fixture
def everything(db: None) -> APIClient:
    """Every scope there is, of a superuser."""
    user = User.objects.create_superuser("all", password="a long password of a test")
    return calling(token_for(user, *Scope.values, client="All")[1])


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()
