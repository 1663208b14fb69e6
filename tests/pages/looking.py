"""What the tests of the public pages ask for, and every address that a visitor can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import time_machine
from django.test import Client

from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.draws.staging import committed_raffle, held_draw, sold
from tests.factories import NOW, make_order, make_player

LANGUAGES = ("es", "pt-br", "en")
SECRET_NAME, SECRET_PHONE, SECRET_MAIL = "Wilhelmina Zuluaga", "+595981555777", "wilma@private.example"


@dataclass(frozen=True)
class Place:
    """A raffle on sale and one that was drawn, with a player whose name must never be seen."""

    open: Raffle
    drawn: Raffle
    order: Order

    @property
    def pages(self) -> list[str]:
        return [
            "/",
            f"/r/{self.open.code}/",
            f"/r/{self.drawn.code}/",
            "/results/",
            "/draws/",
            f"/draws/{self.open.code}/",
            f"/draws/{self.drawn.code}/",
            f"/draws/{self.drawn.code}/?number=5",
            f"/draws/{self.drawn.code}/ceremony/",
            "/t/",
            f"/t/{self.order.code}/",
        ]

    @property
    def files(self) -> list[str]:
        return [
            f"/r/{self.open.code}/board.json",
            f"/r/{self.open.code}/preview.png",
            f"/draws/{self.drawn.code}/proof.json",
            f"/draws/{self.drawn.code}/steps.json",
            f"/draws/{self.drawn.code}/preview.png",
            f"/t/{self.order.code}/5.json",
            "/robots.txt",
            "/favicon.ico",
        ]


def make_place() -> Place:
    with time_machine.travel(NOW, tick=False):
        player = make_player(name=SECRET_NAME, phone=SECRET_PHONE, email=SECRET_MAIL)
        drawn = committed_raffle(code="BICI", title="A bicycle")
        order = sold(drawn, 5, 12, player=player)
        for number in (3, 40, 77):
            sold(drawn, number)
        held_draw(drawn)
        open_now = committed_raffle(code="MOTO", title="A motorbike", description="Ready to go.")
        make_order(raffle=open_now, player=player, numbers=(1, 2), status=Order.Status.DRAFT)
        sold(open_now, 9, player=player)
    return Place(open_now, Raffle.objects.get(pk=drawn.pk), order)


def get(client: Client, path: str, *, at: datetime = NOW, **headers: str) -> Any:
    with time_machine.travel(at, tick=False):
        return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
