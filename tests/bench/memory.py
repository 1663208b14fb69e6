"""What web and worker take together, and whether a hundred thousand events make it more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.rooms import rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site, all_running
from tests.bench.talk import Talk, talking
from tests.bench.turns import AT_ONCE, NUMBERS

GOAL_MB = 250
# What the allocator keeps back breathes by some per cent; a leak of 100 bytes an event would be 9 MB.
GROWTH_GOAL_MB = 5.0


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    room = rooms(where)[0]
    with room.opened(where.folder) as places, all_running(places, numbers=NUMBERS) as (site, _):
        before, after = asyncio.run(_talked(site, scale))
    yield Figure(
        group="memory",
        name=f"web and worker, {room.name}",
        value=max(before, after),
        unit="MB",
        goal=GOAL_MB,
        less_is_better=True,
        note="PSS",
    )
    yield Figure(
        group="memory",
        name=f"growth, event {scale.memory_warm_up_events:,} to {scale.memory_events:,}",
        value=after - before,
        unit="MB",
        goal=GROWTH_GOAL_MB,
        less_is_better=True,
    )


async def _talked(site: Site, scale: Scale) -> tuple[float, float]:
    talk = Talk(site.port, players=scale.memory_players, numbers=NUMBERS)
    async with talking(talk, site.places.graph_port):
        found = []
        for events in (scale.memory_warm_up_events, scale.memory_events):
            await talk.keep_asking(AT_ONCE, lambda events=events: talk.seen.events >= events)  # type: ignore[misc]
            await talk.come_to_rest(scale.rest_seconds)
            found.append(taken_by(site.web.pid) + taken_by(site.worker.pid))
    return found[0], found[1]


def taken_by(session: int) -> float:
    """Megabytes of all processes of a session; what several share is counted once (PSS)."""
    numbers = [
        path for path in Path("/proc").iterdir() if path.name.isdigit() and _session_of(path) == session
    ]
    return sum(_pss(path) for path in numbers) / 1024


def _session_of(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:  # it ended meanwhile
        return None


def _pss(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
