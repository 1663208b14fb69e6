"""Events a second through the signed webhook, against the least that the same server can do for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from tests.bench import events
from tests.bench.figures import Figure, middle, percentile
from tests.bench.rooms import Room, rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import bare_running, web_running
from tests.bench.wire import Line

LINES, SENDERS, GOAL = 8, 500, 0.8
WARM_UP = 0.1


@dataclass(frozen=True)
class Round:
    per_second: float
    p99_ms: float


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in rooms(where):
        with ExitStack() as stack:
            places = stack.enter_context(room.opened(where.folder))
            site = stack.enter_context(web_running(places))
            bare = stack.enter_context(bare_running(places))
            pairs = [(_round(bare, scale), _round(site.port, scale)) for _ in range(scale.rounds)]
        yield from _figures(room, pairs)


def _figures(room: Room, pairs: Sequence[tuple[Round, Round]]) -> Iterator[Figure]:
    bare, ours = zip(*pairs, strict=True)
    ceiling_is = "bare Django view: signature and one INSERT"
    yield Figure(
        group="webhook",
        name=f"events, {room.name}",
        value=middle([each.per_second for each in ours]),
        unit="/s",
        ceiling=middle([each.per_second for each in bare]),
        ceiling_is=ceiling_is,
        goal=GOAL if room.is_judged else None,
        goal_is_share=True,
        note=f"{LINES} kept connections, granian 2x4",
    )
    yield Figure(
        group="webhook",
        name=f"p99, {room.name}",
        value=middle([each.p99_ms for each in ours]),
        unit="ms",
        ceiling=middle([each.p99_ms for each in bare]),
        ceiling_is=ceiling_is,
        less_is_better=True,
    )


def _round(port: int, scale: Scale) -> Round:
    phones = [events.Phone(serial) for serial in range(SENDERS)]
    posts = [
        events.post(events.message(phones[place % SENDERS], "Hola, quiero los números 5, 12 y 99"), port=port)
        for place in range(scale.webhook_posts)
    ]
    warm_up = int(len(posts) * WARM_UP)
    return asyncio.run(_posted(port, posts[:warm_up], posts[warm_up:]))


async def _posted(port: int, warm_up: list[bytes], posts: list[bytes]) -> Round:
    lines = [await Line.open(port) for _ in range(LINES)]
    await _all_posted(lines, warm_up)
    began = time.perf_counter()
    waits = await _all_posted(lines, posts)
    seconds = time.perf_counter() - began
    for line in lines:
        line.close()
    return Round(len(posts) / seconds, percentile(waits, 0.99) * 1000)


async def _all_posted(lines: list[Line], posts: list[bytes]) -> list[float]:
    """Each line posts as soon as it has its answer."""
    left, waits = iter(posts), list[float]()

    async def keep_posting(line: Line) -> None:
        for post in left:
            began = time.perf_counter()
            await line.post(post)
            waits.append(time.perf_counter() - began)

    await asyncio.gather(*(keep_posting(line) for line in lines))
    return waits
