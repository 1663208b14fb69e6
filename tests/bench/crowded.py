"""A sale to the simulated crowd: Meta with all its rules and rows beside the product, on the same cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import Room, rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site
from tests.bench.turns import TURNS_GOAL


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in rooms(where):
        yield from _figures(room, _sold(room, where, scale))


def _sold(room: Room, where: Where, scale: Scale) -> Any:
    with room.opened(where.folder) as places:
        site = Site(places)
        site.empty_queue()
        seller = site.partner("tests.bench.seller")
        try:
            return seller.ask(
                "sell",
                folder=str(places.folder),
                database_url=places.database_url,
                queue_url=places.queue_url,
                players=scale.crowd_players,
                sales=scale.crowd_sales,
            )
        finally:
            seller.dismiss()
            seller.child.wait()


def _figures(room: Room, found: Mapping[str, Any]) -> Iterator[Figure]:
    yield Figure(
        group="turns",
        name=f"with the simulator, {room.name}",
        value=found["turns_per_second"],
        unit="/s",
        goal=TURNS_GOAL if room.is_judged else None,
        note="; ".join([f"{found['paid']} sales", *found["breaches"]]),
    )
    yield Figure(
        group="turns",
        name=f"with the simulator, p95, {room.name}",
        value=found["p95"] * 1000,
        unit="ms",
        less_is_better=True,
    )
