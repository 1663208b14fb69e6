from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.conftest import ENGLISH, boss, client_of, desk, own_files, today
from tests.people.doors import PASSWORD
from tests.races.conftest import race

__all__ = ["ana", "boss", "browser", "client_of", "desk", "own_files", "race", "today"]


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", password=PASSWORD, is_staff=True)


@pytest.fixture
def browser() -> Client:
    return Client(headers=ENGLISH)
