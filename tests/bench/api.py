"""Programs of partners at the REST door, against plain views with the same queries; new shop and old."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from tests.bench.figures import Figure, middle, percentile
from tests.bench.rooms import Room, rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Places, bare_shop_running, web_running
from tests.bench.wire import Line, written

LINES, GOAL, GROWTH_GOAL = 8, 0.5, 1.5
# Lifted: at the default of 600 a minute calls would be refused, and one write would count fifteen of them.
RATE = {"API_RATE": "60000/min"}
PAGE_OF_NUMBERS, WIDEST = 1_000, 100_000
# Reservations jump through the raffle and meet no number twice: the step has no factor in common with it.
EACH, SELLING, STEP = 3, 1_000_000, 611_953

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Shop:
    """One size of shop: the product and the plain views on the same rows. `rows`: what can be asked for."""

    tickets: int
    port: int
    bare_port: int
    rows: Json


@dataclass(frozen=True)
class Ask:
    """A request of the API and the one of the plain view that reads or writes the same."""

    ours: bytes
    bare: bytes


@dataclass(frozen=True)
class Kind:
    name: str
    ask: Callable[[Shop, Json, int], Ask]
    status: int = 200
    # In a shop of a thousand numbers there is no window of a hundred thousand.
    is_compared: bool = True
    is_judged: bool = True


@dataclass(frozen=True)
class Round:
    per_second: float
    p99_ms: float


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    room = rooms(where)[0]
    with ExitStack() as stack:
        opened = [
            _opened(stack, stack.enter_context(room.opened(where.folder)), tickets)
            for tickets in scale.api_tickets
        ]
        for kind in KINDS:
            asked = opened if kind.is_compared else opened[-1:]
            yield from _figures(room, kind, asked, _measured(kind, asked, scale))


def _opened(stack: ExitStack, places: Places, tickets: int) -> Shop:
    site = stack.enter_context(web_running(places, RATE))
    keeper = site.partner("tests.bench.shop")
    try:
        rows = keeper.ask("prepare", tickets=tickets)
    finally:
        keeper.dismiss()
        keeper.child.wait()
    bare_port, _ = stack.enter_context(bare_shop_running(site))
    return Shop(tickets, site.port, bare_port, rows)


def _measured(kind: Kind, shops: list[Shop], scale: Scale) -> list[tuple[list[Round], list[Round]]]:
    """Of each shop: ours and the ceiling. They take turns, so that a busy moment of the machine meets all."""
    found: list[tuple[list[Round], list[Round]]] = [([], []) for _ in shops]
    for turn in range(scale.rounds + 1):
        for shop, (ours, bare) in zip(shops, found, strict=True):
            for rounds, is_ours in ((bare, False), (ours, True)):
                seconds = scale.api_seconds if turn else scale.api_seconds / 4  # the first one warms up
                one = asyncio.run(_round(kind, shop, seconds, is_ours=is_ours))
                rounds.extend([one] if turn else [])
    return found


async def _round(kind: Kind, shop: Shop, seconds: float, *, is_ours: bool) -> Round:
    """Each line asks again as soon as it has its answer."""
    lines = [await Line.open(shop.port if is_ours else shop.bare_port) for _ in range(LINES)]
    waits: list[float] = []
    began = time.perf_counter()

    async def keep_asking(place: int, line: Line) -> None:
        partner = shop.rows["partners"][place % len(shop.rows["partners"])]
        while time.perf_counter() < began + seconds:
            ask = kind.ask(shop, partner, next(_serials))
            asked = time.perf_counter()
            await line.ask(ask.ours if is_ours else ask.bare, {kind.status})
            waits.append(time.perf_counter() - asked)

    await asyncio.gather(*(keep_asking(place, line) for place, line in enumerate(lines)))
    took = time.perf_counter() - began
    for line in lines:
        line.close()
    return Round(len(waits) / took, percentile(waits, 0.99) * 1000)


_serials = count()
_dice = Random(5)


def _read(partner: Json, path: str, bare: str) -> Ask:
    return Ask(
        written("GET", f"/api/v1/{path}", Authorization=f"Token {partner['token']}"),
        written("GET", f"/{bare}{'&' if '?' in bare else '?'}client={partner['client']}"),
    )


def _list(_shop: Shop, partner: Json, _serial: int) -> Ask:
    return _read(partner, "orders/", "orders/")


def _detail(_shop: Shop, partner: Json, _serial: int) -> Ask:
    path = f"orders/{_dice.choice(partner['orders'])}/"
    return _read(partner, path, path)


def _numbers(width: int) -> Callable[[Shop, Json, int], Ask]:
    def ask(shop: Shop, partner: Json, _serial: int) -> Ask:
        first = _dice.randrange(max(1, 2 * shop.tickets - width))
        last = min(first + width, 2 * shop.tickets) - 1
        path = f"raffles/{shop.rows['sold']}/availability/?first={first}&last={last}"
        return _read(partner, path, path)

    return ask


def _reserve(*, has_key: bool) -> Callable[[Shop, Json, int], Ask]:
    def ask(shop: Shop, partner: Json, serial: int) -> Ask:
        chosen = [(serial * EACH + place) * STEP % SELLING for place in range(EACH)]
        body = json.dumps({"player": partner["player"], "numbers": chosen}).encode()
        path = f"raffles/{shop.rows['selling']}/reserve/"
        key = {"Idempotency_Key": f"bench-{serial}"} if has_key else {}
        sent = {"Content_Type": "application/json", "Authorization": f"Token {partner['token']}", **key}
        return Ask(
            written("POST", f"/api/v1/{path}", body, **sent),
            written("POST", f"/{path}?client={partner['client']}", body, Content_Type="application/json"),
        )

    return ask


KINDS = (
    Kind("list", _list),
    Kind("detail", _detail),
    Kind("availability", _numbers(PAGE_OF_NUMBERS)),
    Kind("availability of 100,000", _numbers(WIDEST), is_compared=False),
    Kind("reserve", _reserve(has_key=False), status=201),
    Kind("reserve under a key", _reserve(has_key=True), status=201, is_compared=False, is_judged=False),
)


def _figures(
    room: Room, kind: Kind, shops: list[Shop], found: list[tuple[list[Round], list[Round]]]
) -> Iterator[Figure]:
    ours, bare = found[-1]
    rate = middle([each.per_second for each in ours])
    yield Figure(
        group="api",
        name=f"{kind.name}, {room.name}",
        value=rate,
        unit="/s",
        ceiling=middle([each.per_second for each in bare]),
        ceiling_is="a plain Django view with the same queries",
        goal=GOAL if kind.is_judged else None,
        goal_is_share=True,
        note=f"{LINES} kept connections, granian 2x4, {shops[-1].tickets:,} tickets",
    )
    yield Figure(
        group="api",
        name=f"p99, {kind.name}, {room.name}",
        value=middle([each.p99_ms for each in ours]),
        unit="ms",
        ceiling=middle([each.p99_ms for each in bare]),
        ceiling_is="a plain Django view with the same queries",
        less_is_better=True,
    )
    if kind.is_compared:
        yield _growth(kind, shops, middle([each.per_second for each in found[0][0]]), rate)


def _growth(kind: Kind, shops: list[Shop], before: float, after: float) -> Figure:
    few, many = (f"{shop.tickets:,}" for shop in shops)
    return Figure(
        group="api",
        name=f"growth, {kind.name}, {few} to {many} tickets",
        value=before / after,
        unit="x",
        goal=GROWTH_GOAL,
        less_is_better=True,
        note=f"{before:,.0f} a second with {few} tickets, {after:,.0f} with {many}",
    )
