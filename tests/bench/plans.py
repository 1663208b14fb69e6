"""Statements of a turn, a send, a status and a sweep in an old shop, and whether one reads a whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import Room, database_rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in database_rooms(where):
        with ExitStack() as stack:
            places = stack.enter_context(room.opened(where.folder))
            site = Site(places)
            site.make_tables()
            planner = site.partner("tests.bench.planner")
            stack.callback(planner.child.wait)
            stack.callback(planner.dismiss)
            planner.ask("prepare", rows=scale.plan_rows)
            yield from _figures(room, planner.ask("plans"), scale)


def _figures(room: Room, found: Mapping[str, Any], scale: Scale) -> Iterator[Figure]:
    for scene, statements in found["counts"].items():
        yield Figure(group="statements", name=f"{scene}, {room.name}", value=statements, unit="")
    scans = [f"{scene}: {told(statement)}" for statement, scene in found["scans"].items()]
    yield Figure(
        group="plans",
        name=f"read a whole table of {scale.plan_rows:,}, {room.name}",
        value=len(scans),
        unit="statements",
        goal=0,
        less_is_better=True,
        note="; ".join(scans),
    )


def told(statement: str) -> str:
    """The table, and what was asked of it; the columns say nothing."""
    table, _, sql = statement.partition(": ")
    return f"{table}: ... {sql.partition(' WHERE ')[2][:160] or sql[:160]}"
