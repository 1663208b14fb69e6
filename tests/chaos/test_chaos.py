"""Hundreds of sales while web and worker are killed, the queue is deleted and the database restarted.

`make chaos` plays them in full; CHAOS_SEED repeats one run, CHAOS_SALES makes it shorter.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.management.commands.demo import stop_on_signal
from config.rehearsal.databases import end_all_connections, fresh_database, own_server, server_programs
from config.rehearsal.judge import told
from config.rehearsal.mishaps import Mishaps
from config.rehearsal.run import FAULTS, Plan, Rehearsal
from config.rehearsal.stage import Places, staged
from whatsapp.simulator.crowd_player import Temper

pytestmark = pytest.mark.chaos


def number_from(name: str, default: int) -> int:
    word = os.environ.get(name) or str(default)
    if not (word.isascii() and word.isdigit() and int(word)):
        raise pytest.UsageError(f"{name}={word!r} is not a whole number from 1")
    return int(word)


SALES = number_from("CHAOS_SALES", 200)
CLEAN = "nothing-to-look-at"
QUICK = Temper(most_numbers=6, pace=0.12, patience=60.0, asks_again=8, restless_share=0.3, arrive_within=5.0)
# Only an echo tells how these ended: was it taken, though no answer came? Has it failed after it was taken?
TOLD_BY_ECHOES = ("answer_lost", "connection_reset", "status_before_answer", "error_status")


@dataclass(frozen=True)
class Ground:
    """Where a run takes place, and how its database is restarted there."""

    database_url: str
    restart: Callable[[], None]


@contextmanager
def sqlite(folder: Path) -> Iterator[Ground]:
    with fresh_database("", folder) as url:
        yield Ground(url, restart=lambda: None)


@contextmanager
def postgres(folder: Path) -> Iterator[Ground]:
    """A server of our own where there are programs for one; else the connections of the given one are cut."""
    programs, given = server_programs(), os.environ.get("DATABASE_URL", "")
    if programs is not None:
        with own_server(programs) as server, fresh_database(server.url, folder) as url:
            yield Ground(url, restart=server.restart)
    elif given.startswith("postgres"):
        with fresh_database(given, folder) as url:
            yield Ground(url, restart=lambda: end_all_connections(url))
    else:
        pytest.skip("no PostgreSQL: install its server, or name one by DATABASE_URL")


@pytest.fixture
def seed() -> int:
    return number_from("CHAOS_SEED", 1 + secrets.randbelow(2**31))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, which a later run may clear away; what failed leaves its logs here."""
    made = Path(tempfile.mkdtemp(prefix="chaos-"))
    yield made
    if (made / CLEAN).exists():
        shutil.rmtree(made)


@pytest.mark.parametrize("ground", [postgres, sqlite])
def test_nothing_is_lost_and_nothing_happens_twice(
    ground: Callable[[Path], AbstractContextManager[Ground]], seed: int, folder: Path
) -> None:
    play(ground, seed, folder)


def test_without_echoes_a_crash_costs_one_message_said_twice_at_most(seed: int, folder: Path) -> None:
    play(postgres, seed, folder, echoes_withheld=True)


def play(
    ground: Callable[[Path], AbstractContextManager[Ground]],
    seed: int,
    folder: Path,
    *,
    echoes_withheld: bool = False,
) -> None:
    plan = Plan(
        players=max(10, SALES // 4),
        numbers=SALES * 8,
        seed=seed,
        sales=SALES,
        faults=without_echoes() if echoes_withheld else FAULTS,
        temper=QUICK,
        echoes_withheld=echoes_withheld,
    )
    say(f"\nseed {seed}: CHAOS_SEED={seed} repeats this run")
    with stop_on_signal(), ground(folder) as place:
        queue_url = f"sqlite:///{folder}/queue.sqlite3"
        with staged(Places(folder, place.database_url, queue_url)) as stage:
            mishaps = Mishaps(
                stage, seed=seed, sales=SALES, rounds=max(1, SALES // 100), restart=place.restart
            )
            say(f"to happen: {mishaps.agenda}")
            rehearsal = Rehearsal(stage, plan, say, mishaps.strike)
            rehearsal.begin()
            rehearsal.sell()
            rehearsal.settle()
            report = rehearsal.report(
                extras_allowed=mishaps.crashes if echoes_withheld else 0,
                own_ends_allowed=mishaps.happened["restart_database"],
            )
    mishaps.happened["ends by itself"] = stage.own_ends
    say("happened: " + ", ".join(f"{name} {count}" for name, count in sorted(mishaps.happened.items())))
    say(f"{report.verdict.paid} sales, {report.waits.turns} turns in {report.seconds:.0f} s")
    say(f"came twice: {report.verdict.extra_confirmations} confirmations after {mishaps.crashes} crashes")
    assert report.verdict.is_clean, "\n".join([*told(report.verdict, seed), f"logs: {folder}"])
    (folder / CLEAN).touch()


def without_echoes() -> dict[str, object]:
    return {
        **{name: rate for name, rate in FAULTS.items() if name not in TOLD_BY_ECHOES},
        "withhold_statuses": 1.0,
    }


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
