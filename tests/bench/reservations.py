"""Three numbers of a million, held through the action and by the best raw SQL for the same claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from config.rehearsal.lines import Partner
from tests.bench.figures import Figure, middle, percentile
from tests.bench.rooms import Room, database_rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site, make_bare_tables

NUMBERS, GOAL, MOST_PROCESSES = 1_000_000, 0.3, 8
WAYS = ("raw", "counted", "action")

_seeds = count(1)


@dataclass(frozen=True)
class Round:
    per_second: float
    p99_ms: float


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    for room in database_rooms(where):
        with ExitStack() as stack:
            places = stack.enter_context(room.opened(where.folder))
            site = Site(places)
            site.make_tables()
            make_bare_tables(places)
            crowd = [_hired(site, stack) for _ in range(min(MOST_PROCESSES, max(scale.clients)))]
            crowd[0].ask("prepare", numbers=NUMBERS)
            for clients in scale.clients:
                yield from _figures(room, clients, _measured(crowd, clients, scale))


def _hired(site: Site, stack: ExitStack) -> Partner:
    partner = site.partner("tests.bench.claimer")
    stack.callback(partner.child.wait)
    stack.callback(partner.dismiss)
    return partner


def _measured(crowd: Sequence[Partner], clients: int, scale: Scale) -> dict[str, list[Round]]:
    """The ways take turns, so that a busy moment of the machine meets all of them."""
    found: dict[str, list[Round]] = {way: [] for way in WAYS}
    for _ in range(scale.rounds):
        for way in WAYS:
            found[way].append(_round(crowd, way, clients, scale.claim_seconds))
    return found


def _round(crowd: Sequence[Partner], way: str, clients: int, seconds: float) -> Round:
    """As many processes as there are, threads within them: one interpreter lock would be the measure."""
    hired = crowd[: min(clients, len(crowd))]
    threads = clients // len(hired)

    def run(partner: Partner) -> list[float]:
        asked = {"way": way, "threads": threads, "seconds": seconds, "numbers": NUMBERS}
        return list(partner.ask("run", seed=next(_seeds), **asked)["waits"])

    with ThreadPoolExecutor(len(hired)) as pool:
        waits = [wait for found in pool.map(run, hired) for wait in found]
    return Round(len(waits) / seconds, percentile(waits, 0.99) * 1000)


def _figures(room: Room, clients: int, found: dict[str, list[Round]]) -> Iterator[Figure]:
    rates = {way: middle([each.per_second for each in found[way]]) for way in WAYS}
    who = f"{clients} client{'s' if clients > 1 else ''}, {room.name}"
    yield Figure(
        group="reservations",
        name=who,
        value=rates["action"],
        unit="/s",
        ceiling=rates["raw"],
        ceiling_is="raw SQL on bare tables: an order row and a sorted sparse insert",
        goal=GOAL if room.is_judged else None,
        goal_is_share=True,
        note=f"raw SQL with block counters too: {rates['counted']:,.0f} /s",
    )
    yield Figure(
        group="reservations",
        name=f"p99, {who}",
        value=middle([each.p99_ms for each in found["action"]]),
        unit="ms",
        ceiling=middle([each.p99_ms for each in found["raw"]]),
        less_is_better=True,
    )
