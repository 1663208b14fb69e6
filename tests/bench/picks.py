"""A random pick of ten out of a million, empty and nearly sold out: it must stay about as quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.figures import Figure, percentile
from tests.bench.rooms import Room, database_rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site

THOUSANDTHS = (0, 500, 990, 999)
WITHIN = 3.0
WARM_UP = 20


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in database_rooms(where):
        with ExitStack() as stack:
            places = stack.enter_context(room.opened(where.folder))
            site = Site(places)
            site.make_tables()
            picker = site.partner("tests.bench.picker")
            stack.callback(picker.child.wait)
            stack.callback(picker.dismiss)
            sold = picker.ask("prepare", numbers=scale.pick_numbers, thousandths=THOUSANDTHS)
            picker.ask("measure", times=min(WARM_UP, scale.picks))
            found = picker.ask("measure", times=scale.picks).values()
            levels = zip(sold, found, strict=True)
            yield from _figures(room, [(share, each["pick"], each["known"]) for share, each in levels])


def _figures(room: Room, levels: list[tuple[float, list[float], list[float]]]) -> Iterator[Figure]:
    for taken, picks, known in levels:
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            yield Figure(
                group="random pick",
                name=f"{name}, {taken:.1%} sold, {room.name}",
                value=percentile(picks, share),
                unit="ms",
                ceiling=percentile(known, share),
                ceiling_is="the same reservation of ten numbers that are known",
                less_is_better=True,
            )
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        found = [percentile(picks, share) for _, picks, _ in levels]
        yield Figure(
            group="random pick",
            name=f"slowest {name} over quickest, {room.name}",
            value=max(found) / min(found),
            unit="x",
            goal=WITHIN,
            less_is_better=True,
        )
