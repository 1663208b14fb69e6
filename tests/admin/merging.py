"""One person as two players, and the page on which staff make them one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from raffles.sales.actions import record_payment
from raffles.sales.models import Order, Player
from tests.admin.pages import page_of
from tests.factories import NOW, make_order, make_player, make_staff

S = Order.Status


@pytest.fixture
def old() -> Player:
    """Has bought before, and has money to the good."""
    player = make_player(name="Ana", phone="+595981000001", email="", city="Luque", language="pt-br")
    make_order(player=player, numbers=[1, 2], status=S.PAID)
    give(player, 700)
    return player


@pytest.fixture
def new(old: Player) -> Player:
    """Writes from a new phone and has an order there."""
    player = make_player(name="Ana María", phone="+595981000009", email="ana@example.com", city="")
    make_order(player=player, numbers=[3], status=S.PENDING_PAYMENT)
    give(player, 300)
    return player


def give(player: Player, amount: int) -> None:
    record_payment(
        player_id=player.pk,
        currency="PYG",
        amount_minor=amount,
        method="cash",
        reference="",
        by=make_staff(),
        now=NOW,
    )


def look(client: Client, one: Player, other: Player, **chosen: Any) -> Any:
    return client.get(page_of(one, "merge"), {"with": other.pk, **chosen})


def press(client: Client, one: Player, other: Player, **chosen: Any) -> Any:
    """Looks, then presses what was shown."""
    shown = look(client, one, other, **chosen).context
    keep, seen = shown["keep"], shown["merged"].seen if shown["merged"] else ""
    given = {"with": other.pk, "keep": keep.pk, "seen": seen}
    return client.post(page_of(one, "merge"), given, follow=True)
