"""Receipts used again and honest ones: how many are found, how many are wronged, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import combinations
from typing import Any

from PIL import Image

from raffles.evidence.reader import Reader
from tests.bench.figures import Figure, middle, percentile
from tests.bench.rooms import Room, database_rooms
from tests.bench.scale import Scale, Where
from tests.bench.site import Site
from tests.evidence.receipts import (
    BANKS,
    VARIANTS,
    Bank,
    Transfer,
    again_by_the_same_payer,
    as_jpeg,
    at_night,
    drawn,
    sent_by_chat,
    transfers,
)

RECALL_GOAL, FALSE_GOAL, MS_GOAL = 95.0, 1.0, 60.0


def measure(where: Where, scale: Scale) -> Iterator[Figure]:
    with Reader() as reader:
        yield from _figures(Trial(reader), scale.receipts)
    for room in database_rooms(where):
        yield from _search(where, room, scale)


class Trial:
    """Every picture goes the way of a proof: compressed, through the reader, out as marks and phrases."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.costs: list[float] = []

    def read(self, picture: Image.Image) -> dict[str, Any]:
        head, _ = self.reader.ask("read", [as_jpeg(picture)], with_text=False)
        self.costs.append(head["ms"])
        return head

    def is_same(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        head, _ = self.reader.ask("match", [], phrases=one["phrases"], others=[other["phrases"]])
        return bool(head["same"])


def _figures(trial: Trial, originals: int) -> Iterator[Figure]:
    found = tried = wrong = pairs = 0
    for bank in BANKS:
        made = transfers(originals // len(BANKS) or 1, seed=11)
        kept = [trial.read(sent_by_chat(drawn(one, bank))) for one in made]
        for one, known in zip(made, kept, strict=True):
            again = [trial.read(picture) for picture in _uses(one, bank)]
            tried += len(again)
            found += sum(_is_found(trial, each, known) for each in again)
            twin = trial.read(sent_by_chat(drawn(again_by_the_same_payer(one), bank)))
            wrong, pairs = wrong + trial.is_same(twin, known), pairs + 1
        for one_known, other in combinations(kept, 2):
            wrong, pairs = wrong + trial.is_same(other, one_known), pairs + 1
    yield Figure(
        group="receipts",
        name=f"uses found, of {tried:,}",
        value=100 * found / tried,
        unit="%",
        goal=RECALL_GOAL,
    )
    yield Figure(
        group="receipts",
        name=f"honest ones taken for another, of {pairs:,} pairs of a bank",
        value=100 * wrong / pairs,
        unit="%",
        goal=FALSE_GOAL,
        less_is_better=True,
    )
    for name, value in (("p50", middle(trial.costs)), ("p95", percentile(trial.costs, 0.95))):
        yield Figure(
            group="receipts",
            name=f"to read one, {name}",
            value=value,
            unit="ms",
            goal=MS_GOAL if name == "p50" else None,
            less_is_better=True,
            note="processor time of one core",
        )


def _uses(transfer: Transfer, bank: Bank) -> Iterator[Image.Image]:
    for variant in VARIANTS.values():
        yield variant(drawn(transfer, bank))
    yield at_night(transfer, bank)


def _is_found(trial: Trial, again: dict[str, Any], known: dict[str, Any]) -> bool:
    """By a mark at least, and then by its phrases."""
    return bool(set(again["wider"]) & set(known["marks"])) and trial.is_same(again, known)


def _search(where: Where, room: Room, scale: Scale) -> Iterator[Figure]:
    with ExitStack() as stack:
        places = stack.enter_context(room.opened(where.folder))
        site = Site(places)
        site.make_tables()
        finder = site.partner("tests.bench.finder")
        stack.callback(finder.child.wait)
        stack.callback(finder.dismiss)
        few = finder.ask("search", old=scale.old_receipts // 100)
        many = finder.ask("search", old=scale.old_receipts)
    for name, cost in (("few", few), ("many", many)):
        count = scale.old_receipts // (100 if name == "few" else 1)
        yield Figure(
            group="receipts",
            name=f"search among {count:,}, p95, {room.name}",
            value=percentile(cost["ms"], 0.95),
            unit="ms",
            ceiling=percentile(few["ms"], 0.95),
            ceiling_is="the same search among a hundredth of them",
            less_is_better=True,
            note=f"{cost['rows']:,} marks read of {cost['marks']:,}",
        )
