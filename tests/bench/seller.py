"""Directs a sale to the simulated crowd; in a process of its own because the crowd's words need Django."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django

django.setup()

from config.rehearsal.lines import answer_until_the_end  # noqa: E402 - after setup
from config.rehearsal.run import Plan, Rehearsal, Report  # noqa: E402
from config.rehearsal.stage import Places, staged  # noqa: E402
from whatsapp.simulator.crowd_player import Temper  # noqa: E402

NUMBERS, SEED = 1_000_000, 20_261_121
# Nobody thinks or types; they wait for the answer, and only for that.
HASTE = Temper(pace=0.0, restless_share=0.0, arrive_within=0.0)


def sell(folder: str, database_url: str, queue_url: str, players: int, sales: int) -> dict[str, Any]:
    plan = Plan(
        players=players,
        numbers=NUMBERS,
        seed=SEED,
        sales=sales,
        hold_minutes=60,
        temper=HASTE,
        longest_seconds=600,
        settle_seconds=60,
    )
    with staged(Places(Path(folder), database_url, queue_url)) as stage:
        report = _played(Rehearsal(stage, plan, lambda _line: None))
    return {
        "turns_per_second": report.waits.turns_per_second,
        "p95": report.waits.p95,
        "paid": report.verdict.paid,
        "breaches": report.verdict.breaches,
    }


def _played(rehearsal: Rehearsal) -> Report:
    rehearsal.begin()
    rehearsal.sell()
    rehearsal.settle()
    return rehearsal.report()


if __name__ == "__main__":
    answer_until_the_end({"sell": sell})
