from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from tests.factories import NOW

ENGLISH = {"accept-language": "en"}

ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", password="a long password of a test")


@pytest.fixture
def desk(boss: User) -> Client:
    """A browser in which somebody who may do everything is signed in, in English."""
    client = Client(headers=ENGLISH)
    client.force_login(boss)
    return client


@pytest.fixture
def client_of(db: None) -> ClientOf:
    """Staff who may do just what is named: `client_of("sales.view_order")`."""

    def make(*permissions: str, username: str = "ana", is_staff: bool = True) -> Client:
        user = User.objects.create_user(username, password="a long password of a test", is_staff=is_staff)
        for name in (*permissions, "raffles.see_every_raffle"):
            app, codename = name.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client = Client(headers=ENGLISH)
        client.force_login(user)
        return client

    return make
