"""From the webhook in to the Graph call out: how many turns a second, and how long one takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from config.rehearsal.lines import Partner
from tests.bench.figures import Figure, percentile
from tests.bench.rooms import Room, rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Places, all_running, bare_running
from tests.bench.talk import Talk, talking

NUMBERS = 1_000_000
AT_ONCE = 64
TURNS_GOAL, REPLY_RATE, REPLY_GOAL_MS = 80, 20, 300
# Four events a message; what was not asked is missing in it.
EVENTS_GOAL = 310
MEDIAN_GOAL_MS, SLOW_SECONDS, SLOW_GOAL = 250, 1.0, 0.01

Told = TypeVar("Told")


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in rooms(where):
        with room.opened(where.folder) as places:
            yield from _in_room(room, places, scale)


def _in_room(room: Room, places: Places, scale: Scale) -> Iterator[Figure]:
    with bare_running(places) as port:
        bare = _talked(places, port, scale, lambda talk: _rate(talk, scale), path="/echo/")
    with all_running(places, numbers=NUMBERS) as (site, office):
        yield from _steady(room, _talked(places, site.port, scale, lambda talk: _waits(talk, scale)))
        ours = _talked(places, site.port, scale, lambda talk: _rate(talk, scale))
        yield Figure(
            group="turns",
            name=room.name,
            value=ours,
            unit="/s",
            ceiling=bare,
            ceiling_is="bare: signature, INSERT, one POST out, and the three statuses",
            goal=TURNS_GOAL if room.is_judged else None,
            note=f"{AT_ONCE} players at once; each reply brings three statuses",
        )
        yield from _mixed(room, places, site.port, office, scale)


def _talked(
    places: Places,
    port: int,
    scale: Scale,
    scene: Callable[[Talk], Awaitable[Told]],
    path: str = "/whatsapp/webhook/",
) -> Told:
    async def play() -> Told:
        talk = Talk(port, players=scale.players, numbers=NUMBERS, path=path)
        async with talking(talk, places.graph_port):
            told = await scene(talk)
            talk.raise_trouble()
            return told

    return asyncio.run(play())


async def _rate(talk: Talk, scale: Scale) -> float:
    """Counted at Meta's door, after a warm-up."""
    await talk.keep_asking(AT_ONCE, _after(scale.warm_up_seconds))
    talk.seen.waits.clear()
    began = time.perf_counter()
    await talk.keep_asking(0, _after(scale.turn_seconds))
    rate = len(talk.seen.waits) / (time.perf_counter() - began)
    await talk.come_to_rest(scale.rest_seconds)
    return rate


def _after(seconds: float) -> Callable[[], bool]:
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= until


async def _waits(talk: Talk, scale: Scale) -> list[float]:
    """At a calm pace, after everybody's first turn, which makes players and contacts."""
    await talk.ask_steadily(REPLY_RATE, scale.warm_up_seconds)
    await talk.come_to_rest(scale.rest_seconds)
    talk.seen.waits.clear()
    await talk.ask_steadily(REPLY_RATE, scale.latency_seconds)
    await talk.come_to_rest(scale.rest_seconds)
    return talk.seen.waits


def _steady(room: Room, waits: list[float]) -> Iterator[Figure]:
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield Figure(
            group="reply",
            name=f"{name} at {REPLY_RATE} turns/s, {room.name}",
            value=percentile(waits, share) * 1000,
            unit="ms",
            goal=REPLY_GOAL_MS if name == "p95" else None,
            less_is_better=True,
            note=f"{len(waits)} turns",
        )


def _mixed(room: Room, places: Places, port: int, office: Partner, scale: Scale) -> Iterator[Figure]:
    webhooks, rate, missed = _talked(places, port, scale, lambda talk: _storm(talk, scale))
    backlog = _backlog(office)
    goal = room.is_judged
    yield Figure(
        group="storm",
        name=f"events, {room.name}",
        value=rate,
        unit="/s",
        goal=EVENTS_GOAL if goal else None,
        note=f"{missed} messages not asked, because everybody waited for an answer",
    )
    yield Figure(
        group="storm",
        name=f"webhook median, {room.name}",
        value=percentile(webhooks, 0.5) * 1000,
        unit="ms",
        goal=MEDIAN_GOAL_MS if goal else None,
        less_is_better=True,
    )
    yield Figure(
        group="storm",
        name=f"webhooks over 1 s, {room.name}",
        value=100 * sum(wait > SLOW_SECONDS for wait in webhooks) / max(1, len(webhooks)),
        unit="%",
        goal=100 * SLOW_GOAL if goal else None,
        less_is_better=True,
    )
    yield Figure(
        group="storm",
        name=f"left after {scale.rest_seconds:.0f} s, {room.name}",
        value=backlog,
        unit="rows",
        goal=0 if goal else None,
        less_is_better=True,
    )


async def _storm(talk: Talk, scale: Scale) -> tuple[list[float], float, int]:
    """One message to three statuses: each reply brings its own."""
    began = time.perf_counter()
    missed = await talk.ask_steadily(scale.mixed_messages_per_second, scale.mixed_seconds)
    rate = talk.seen.events / (time.perf_counter() - began)
    webhooks = list(talk.seen.webhooks)
    await talk.stay_open(scale.rest_seconds)
    return webhooks, rate, missed


def _backlog(office: Partner) -> float:
    """What has not been read or has not left."""
    now = office.ask("standing")
    return float(now["unread"] + now["unsent"])
