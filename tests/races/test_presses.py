"""A button pressed twice at once, as by a finger that slips or a network that hesitates."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from raffles.sales.models import Order, Payment, Player
from raffles.sales.queries import stamp_of, stamp_of_account
from tests.admin.pages import page_of
from tests.factories import make_order, make_player
from tests.races.conftest import Race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

AMOUNT = {"amount": "5", "method": "cash", "reference": ""}


def presses(boss: User, row: Order | Player, step: str, **answers: str) -> list[Any]:
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(boss)
    return [partial(client.post, page_of(row, step), AMOUNT | answers) for client in clients]


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", password="a long password of a test")


@pytest.mark.parametrize("what", ["part of an order", "more for an order that is over", "credit"])
def test_money_without_a_number_is_booked_once(race: Race, boss: User, what: str) -> None:
    for _round in range(4):
        before = Payment.objects.count()
        if what == "credit":
            player = make_player()
            given = {"currency_code": "PYG", "seen": stamp_of_account(player.pk)}
            outcomes = race(presses(boss, player, "record", **given))
        else:
            is_open = what == "part of an order"
            order = make_order(status="UNDER_REVIEW" if is_open else "CANCELLED")
            outcomes = race(presses(boss, order, "confirm" if is_open else "record", seen=stamp_of(order)))
        assert sorted(answer.status_code for answer in outcomes) == [200, 302], outcomes
        assert Payment.objects.count() == before + 1
