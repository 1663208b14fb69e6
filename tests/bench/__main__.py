"""`python -m tests.bench`: every goal of speed beside a ceiling measured in the same run."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from config.rehearsal.databases import NoDatabase, check_database
from config.rehearsal.lines import Silent
from config.rehearsal.processes import DidNotStart
from tests.bench import api, crowded, desk, memory, picks, plans, receipts, reservations, turns, webhook
from tests.bench.figures import Figure, as_json, table
from tests.bench.picture import drawn
from tests.bench.scale import QUICK, Scale, Where
from tests.bench.wire import BadAnswer

BENCHES: dict[str, Callable[[Where, Scale], Iterator[Figure]]] = {
    "webhook": webhook.measure,
    "reservations": reservations.measure,
    "picks": picks.measure,
    "plans": plans.measure,
    "turns": turns.measure,
    "crowd": crowded.measure,
    "memory": memory.measure,
    "receipts": receipts.measure,
    "api": api.measure,
    "desk": desk.measure,
}


def parser() -> ArgumentParser:
    asked = ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument(
        "--only", action="append", choices=sorted(BENCHES), help="one of them; may be repeated"
    )
    asked.add_argument(
        "--quick", action="store_true", help="small numbers: shows that it runs, measures nothing"
    )
    asked.add_argument("--database", default="", metavar="URL", help="postgres://...; left out: SQLite alone")
    asked.add_argument(
        "--queue", default="", metavar="URL", help="redis://host:port/number; left out: SQLite's"
    )
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    asked.add_argument("--picture", type=Path, metavar="FILE", help="draw them there, as SVG")
    return asked


def main(words: list[str]) -> int:
    asked = parser().parse_args(words)
    try:
        check_database(asked.database)
        check_queue(asked.queue)
        figures = measured(asked.only or list(BENCHES), asked.database, asked.queue, is_quick=asked.quick)
    except (NoDatabase, DidNotStart, Silent, BadAnswer) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    tell("", *table(figures))
    record = as_json(figures, is_quick=asked.quick, database=kind_of(asked.database))
    if asked.json:
        asked.json.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    if asked.picture:
        asked.picture.write_text(drawn(figures, record["made_at"][:10]))
    missed = [figure for figure in figures if figure.is_met is False]
    tell(*(f"{figure.group}, {figure.name}: {figure.note}" for figure in missed if figure.note))
    return 1 if missed and not asked.quick else 0


def measured(names: list[str], database: str, queue: str, *, is_quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        where = Where(Path(folder), database, queue)
        for name in [each for each in BENCHES if each in names]:
            tell(f"{name} ...")
            for figure in BENCHES[name](where, QUICK if is_quick else Scale()):
                figures.append(figure)
                tell(*table([figure])[1:])
    return figures


def check_queue(url: str) -> None:
    if url and urlsplit(url).scheme not in {"redis", "rediss"}:
        raise NoDatabase(f"--queue {url!r} is no redis://host:port/number address; leave it out for SQLite")


def kind_of(database: str) -> str:
    return "PostgreSQL and SQLite" if database else "SQLite"


def tell(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # Whoever ends it early must not leave servers and databases behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
