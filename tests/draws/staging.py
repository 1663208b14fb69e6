"""Draws at any point of their life, brought there by the product's own actions."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from config import demo_beacon
from raffles.draws import guards as draw_guards
from raffles.draws.actions import close_entries, hold_draw, record_beacon
from raffles.draws.models import Draw
from raffles.numbers import guards
from raffles.numbers.actions import open_raffle, plan_draw
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor, Order, Player
from tests.factories import NOW, make_order, make_player, raffle_fields

STAFF = Actor("staff:test")
SALES_END = timedelta(days=7)
DRAW_AFTER = timedelta(days=8)

_players = itertools.count(1)


def planned_raffle(
    *, draw: dict[str, Any] | None = None, prizes: Collection[tuple[Any, ...]] = (), **fields: Any
) -> Raffle:
    """Prizes as (label, quantity) or with (amount, currency) too; none is what a draw begins with."""
    raffle = Raffle.objects.create(**raffle_fields(**({"status": Raffle.Status.DRAFT} | fields)))
    planned = plan_draw(raffle_id=raffle.pk)
    Draw.objects.filter(pk=planned.pk).update(**(draw or {}))
    if prizes:
        planned.prizes.all().delete()
        for rank, (label, quantity, *money) in enumerate(prizes, 1):
            amount = dict(zip(("amount_minor", "currency"), money, strict=False))
            planned.prizes.create(rank=rank, label=label, quantity=quantity, **amount)
    return Raffle.objects.get(pk=raffle.pk)


def committed_raffle(*, now: datetime = NOW, **options: Any) -> Raffle:
    raffle = planned_raffle(**options)
    open_raffle(raffle_id=raffle.pk, actor=STAFF, now=now)
    return Raffle.objects.get(pk=raffle.pk)


def sold(raffle: Raffle, *numbers: int, player: Player | None = None, now: datetime = NOW) -> Order:
    buyer = player or make_player(name=f"Player {next(_players)}")
    return make_order(raffle=raffle, player=buyer, numbers=numbers, status=Order.Status.PAID, now=now)


def draw_of(raffle: Raffle) -> Draw:
    return Draw.objects.get(raffle=raffle)


def after_sales(raffle: Raffle) -> datetime:
    return raffle.sales_close_at + timedelta(minutes=1)


def at_draw(raffle: Raffle) -> datetime:
    return raffle.draw_at + timedelta(minutes=1)


def closed_draw(
    raffle: Raffle | None = None, *, numbers: Collection[int] = (3, 5, 12, 40, 77), **options: Any
) -> Draw:
    """Each number sold to a player of its own, unless a raffle is given."""
    if raffle is None:
        raffle = committed_raffle(**options)
        for number in numbers:
            sold(raffle, number)
    return close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=after_sales(raffle))


def with_beacon(draw: Draw, *, now: datetime | None = None) -> Draw:
    draw.refresh_from_db()
    assert draw.beacon_round is not None
    signature = demo_beacon.signature_of(draw.beacon_round)
    at = now or at_draw(draw.raffle)
    return record_beacon(
        draw_id=draw.pk, round_number=draw.beacon_round, signature=signature, actor=STAFF, now=at
    )


def held_draw(raffle: Raffle | None = None, **options: Any) -> Draw:
    draw = closed_draw(raffle, **options)
    if draw.method == Draw.Method.BEACON:
        with_beacon(draw)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))


@contextmanager
def without_guards() -> Iterator[None]:
    """What somebody with the rights of the tables' owner can do by SQL."""
    editor = connection.schema_editor(atomic=False)
    guards.remove(editor)
    draw_guards.remove(connection)
    try:
        yield
    finally:
        guards.install(editor)
        guards.install_frozen(editor)
        draw_guards.install(connection)
