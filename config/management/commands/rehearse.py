from __future__ import annotations

import secrets
import shutil
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.management.commands.demo import stop_on_signal
from config.rehearsal.databases import Housekeeper, NoDatabase, check_database, check_queue, fresh_database
from config.rehearsal.judge import told
from config.rehearsal.lines import Silent
from config.rehearsal.processes import DidNotStart
from config.rehearsal.run import FAULTS, Plan, Rehearsal, Report
from config.rehearsal.stage import Places, staged
from whatsapp.simulator.crowd_player import Temper

MOST_PLAYERS, MOST_NUMBERS = 5_000, 1_000_000
HIGHEST_SEED = 2**31
SHORT_HOLD, LONGEST_HOLD = 2, 30
# What somebody reserved and left is held once more when it is confirmed, and must be free again by the end.
LONGEST_RUN, RUN_FOR_A_HOLD = 3600.0, 2 * 60


class Command(BaseCommand):
    help = (
        "Sell a raffle out to a simulated crowd, through the signed webhook, and judge it. "
        "Exit status 1 on a breach. Example: manage.py rehearse --players 500 --numbers 10000"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--players", type=whole(1, MOST_PLAYERS), default=500)
        parser.add_argument("--numbers", type=whole(1, MOST_NUMBERS), default=10_000)
        parser.add_argument("--seed", type=whole(0, HIGHEST_SEED), help="repeats the decisions of a run")
        parser.add_argument(
            "--hold-minutes",
            type=whole(1, LONGEST_HOLD),
            default=SHORT_HOLD,
            help=f"how long numbers are held, default {SHORT_HOLD}: take your raffle's where the machine "
            "is too slow for its crowd",
        )
        parser.add_argument("--no-faults", dest="faults", action="store_false", help="a quiet day at Meta's")
        parser.add_argument("--faults", action="store_true", default=True, help="Meta's bad days (default)")
        parser.add_argument("--database", default="", metavar="URL", help="postgres://...; default: SQLite")
        parser.add_argument("--queue", default="", metavar="URL", help="redis:// or postgres://...; as above")

    def handle(
        self,
        *args: Any,
        players: int,
        numbers: int,
        seed: int | None,
        hold_minutes: int,
        faults: bool,
        database: str,
        queue: str,
        **options: Any,
    ) -> None:
        seed = secrets.randbelow(HIGHEST_SEED) if seed is None else seed
        plan = planned(players=players, numbers=numbers, seed=seed, hold_minutes=hold_minutes, faults=faults)
        crowd = f"{players} players, {numbers} numbers, held for {hold_minutes} minutes"
        self.tell(f"Rehearsal with seed {seed}: {crowd}")
        try:
            with stop_on_signal(), folder_of_run() as folder:
                self.tell_of(self.play(plan, folder, database, queue), seed, folder)
        except KeyboardInterrupt:
            raise CommandError("Stopped before the end; nothing was judged.") from None
        except (NoDatabase, DidNotStart, Silent) as error:
            raise CommandError(str(error)) from None

    def tell_of(self, report: Report, seed: int, folder: Path) -> None:
        """Raises CommandError on a breach."""
        for line in [*summary(report), *told(report.verdict, seed)]:
            self.tell(line)
        if not report.verdict.is_clean:
            raise CommandError(
                f"{len(report.verdict.breaches)} breaches; logs, history and books are in {folder}; "
                f"repeat with --seed {seed} and the same options"
            )
        self.tell("Verdict: clean. Nothing lost, nothing sold twice, everybody answered.")

    def play(self, plan: Plan, folder: Path, database: str, queue: str) -> Report:
        check_database(database)
        check_queue(queue)
        with fresh_database(database, folder) as database_url:
            queue_url = queue or f"sqlite:///{folder}/queue.sqlite3"
            with staged(Places(folder, database_url, queue_url)) as stage:
                rehearsal = Rehearsal(stage, plan, self.tell, Housekeeper(database and database_url).look)
                rehearsal.begin()
                rehearsal.sell()
                rehearsal.settle()
                return rehearsal.report()

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def planned(*, players: int, numbers: int, seed: int, hold_minutes: int, faults: bool) -> Plan:
    """A send of unknown outcome rests for its lease and the sweep, and holds up what comes after it."""
    plan = Plan(
        players=players,
        numbers=numbers,
        seed=seed,
        hold_minutes=hold_minutes,
        longest_seconds=LONGEST_RUN + RUN_FOR_A_HOLD * hold_minutes,
    )
    return replace(plan, faults=FAULTS, temper=Temper(asks_again=8)) if faults else plan


@contextmanager
def folder_of_run() -> Iterator[Path]:
    """Goes with the run. Where that went wrong it stays: the same seed need not meet the same again."""
    folder, is_kept = Path(tempfile.mkdtemp(prefix="rehearsal-")), False
    try:
        yield folder
    except (CommandError, DidNotStart, Silent):
        is_kept = True
        raise
    finally:
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)


def whole(lowest: int, highest: int) -> Any:
    def number(word: str) -> int:
        if not (word.isascii() and word.isdigit() and lowest <= int(word) <= highest):
            raise ArgumentTypeError(f"{word!r} is not a whole number from {lowest} to {highest}")
        return int(word)

    return number


def summary(report: Report) -> list[str]:
    waits, verdict = report.waits, report.verdict
    return [
        f"Sold {verdict.sold} numbers in {verdict.paid} paid orders within {report.seconds:.0f} s",
        f"Turns: {waits.turns}, {waits.turns_per_second:.1f} a second",
        f"Players waited: p50 {waits.p50:.2f} s, p95 {waits.p95:.2f} s, p99 {waits.p99:.2f} s, "
        f"slowest {waits.slowest:.2f} s",
        f"Webhook as Meta measures it: {waits.webhooks} calls, median {waits.webhook_p50_ms:.0f} ms, "
        f"{waits.webhook_slow_share:.2%} over 1 s",
        f"Came twice: {verdict.extra_confirmations} confirmations, {verdict.extra_messages} messages",
    ]
