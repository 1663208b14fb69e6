"""What it costs that open pages of the payment desk ask every few seconds whether something moved."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from config.env import ROOT
from tests.bench.figures import Figure, percentile
from tests.bench.processor import seconds_of_database, seconds_of_session
from tests.bench.rooms import Room, rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site, bare_shop_running, web_running
from tests.bench.wire import Answer, Line, written

SCRIPT = ROOT / "raffles" / "desk" / "static" / "desk" / "review.js"
PATH, BARE = "/admin/desk/queue/?sort=time", "/newest/"
# Seen as at once; a quarter of one core, so that the sale goes on beside it; a still queue costs no bytes.
P99_GOAL_MS, CORE_GOAL, SAME_GOAL = 300, 25.0, 80.0


@dataclass
class Seen:
    """`waits` in seconds; `same`: answers that said nothing is new; `core`: share of one core."""

    waits: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    same: int = 0
    core: float = 0.0


@dataclass
class Page:
    """One reviewer's open desk, in step with no other. `key`: of the session; `tag`: of what it shows."""

    line: Line
    path: str
    key: str
    starts_at: float
    tag: str = ""

    async def poll(self) -> Answer:
        told = {"Cookie": f"sessionid={self.key}", "X_Requested_With": "fetch"}
        known = {"If_None_Match": self.tag} if self.tag else {}
        request = written("GET", self.path, b"", **told, **known)
        answer = await self.line.ask(request, {200, 304})
        self.tag = answer.header("ETag") or self.tag
        return answer

    async def keep_polling(self, seen: Seen, seconds: float) -> None:
        for beat in range(1, max(2, int(seconds / interval()) + 1)):
            await asyncio.sleep(max(0.0, self.starts_at + beat * interval() - time.perf_counter()))
            asked = time.perf_counter()
            answer = await self.poll()
            seen.waits.append(time.perf_counter() - asked)
            seen.lengths.append(answer.length)
            seen.same += answer.status == 304


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    room = rooms(where)[0]
    with ExitStack() as stack:
        site = stack.enter_context(web_running(stack.enter_context(room.opened(where.folder))))
        prepared = _prepared(site, scale)
        bare_port, bare_pid = stack.enter_context(bare_shop_running(site))
        bare = _polled(bare_port, BARE, prepared["keys"], scale, _meter(site, bare_pid))
        ours = _polled(site.port, PATH, prepared["keys"], scale, _meter(site, site.web.pid))
    yield from _figures(room, scale, ours, bare, prepared["statements"])


def _prepared(site: Site, scale: Scale) -> Any:
    keeper = site.partner("tests.bench.reviewers")
    try:
        return keeper.ask("prepare", waiting=scale.desk_waiting, staff=scale.desk_staff, path=PATH)
    finally:
        keeper.dismiss()
        keeper.child.wait()


def _meter(site: Site, pid: int) -> Callable[[], float]:
    """Seconds of processor that the server and its database took until now."""
    return lambda: seconds_of_session(pid) + seconds_of_database(site.places.database_url)


def _polled(port: int, path: str, keys: list[str], scale: Scale, taken: Callable[[], float]) -> Seen:
    """The first poll of each is how a page begins, and not counted."""

    async def play() -> Seen:
        pages = [Page(await Line.open(port), path, key, 0.0) for key in keys]
        for page in pages:
            await page.poll()
        seen, before, began = Seen(), taken(), time.perf_counter()
        for place, page in enumerate(pages):
            page.starts_at = began + (place / len(pages) - 1) * interval()
        await asyncio.gather(*(page.keep_polling(seen, scale.desk_seconds) for page in pages))
        seen.core = (taken() - before) / (time.perf_counter() - began)
        for page in pages:
            page.line.close()
        return seen

    return asyncio.run(play())


def interval() -> float:
    """Seconds between two polls, as the page itself says it."""
    found = re.search(r"const POLL_MS = (\d+);", SCRIPT.read_text())
    assert found is not None
    return int(found[1]) / 1000


def _figures(room: Room, scale: Scale, ours: Seen, bare: Seen, statements: int) -> Iterator[Figure]:
    said = f"{scale.desk_staff} staff, {scale.desk_waiting} waiting, a poll every {interval():.0f} s"
    ceiling_is = "a plain Django view with one look into one index"
    for name, share, goal in (("p50", 0.5, None), ("p99", 0.99, P99_GOAL_MS)):
        yield Figure(
            group="desk",
            name=f"poll, {name}, {room.name}",
            value=percentile(ours.waits, share) * 1000,
            unit="ms",
            ceiling=percentile(bare.waits, share) * 1000,
            ceiling_is=ceiling_is,
            goal=goal,
            less_is_better=True,
            note=f"{len(ours.waits)} polls; {said}",
        )
    yield Figure(
        group="desk",
        name=f"of one core, {scale.desk_staff} staff",
        value=ours.core * 100,
        unit="%",
        ceiling=bare.core * 100,
        ceiling_is=ceiling_is,
        goal=CORE_GOAL,
        less_is_better=True,
        note=f"web and PostgreSQL; {said}",
    )
    yield Figure(
        group="desk",
        name="polls of a still queue answered 304",
        value=100 * ours.same / len(ours.waits),
        unit="%",
        goal=SAME_GOAL,
        note=said,
    )
    yield Figure(
        group="desk",
        name="bytes of a poll, on average",
        value=sum(ours.lengths) / len(ours.lengths),
        unit="B",
        less_is_better=True,
        note=f"{max(ours.lengths):,} when something moved",
    )
    yield Figure(group="desk", name="statements of a poll", value=statements, unit="", less_is_better=True)
