"""One process of buyers, each in a thread with a connection of its own, that reserve as fast as they can."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import open_for_sale  # noqa: E402
from raffles.numbers.actions import reserve_numbers  # noqa: E402
from raffles.numbers.errors import NumbersTaken  # noqa: E402
from raffles.numbers.models import BLOCK_SIZE, Raffle  # noqa: E402
from raffles.sales.models import Player  # noqa: E402

EACH = 3
ORDER = (
    "INSERT INTO bench_order (raffle, player, total, at) VALUES (%(raffle)s, %(player)s, 30000, %(at)s) "
    "RETURNING id"
)
CLAIM = (
    "INSERT INTO bench_claim (raffle, number, order_id) VALUES (%(raffle)s, %(a)s, %(order)s), "
    "(%(raffle)s, %(b)s, %(order)s), (%(raffle)s, %(c)s, %(order)s) ON CONFLICT DO NOTHING"
)
COUNT = (
    "INSERT INTO bench_block AS block (raffle, place, held) VALUES (%(raffle)s, %(place)s, %(held)s) "
    "ON CONFLICT (raffle, place) DO UPDATE SET held = block.held + excluded.held"
)

Claim = Callable[[list[int]], object]


class Claimer:
    def prepare(self, numbers: int) -> None:
        open_for_sale(numbers=numbers, most_per_order=10, hold_minutes=600, now=timezone.now())

    def run(self, way: str, threads: int, seconds: float, numbers: int, seed: int) -> dict[str, Any]:
        waits: list[float] = []
        start, until = threading.Barrier(threads), [0.0]

        def buy(place: int) -> None:
            claim, leave = WAYS[way]()
            draw = random.Random(f"{seed}:{place}")
            start.wait()
            until[0] = until[0] or time.perf_counter() + seconds
            while (began := time.perf_counter()) < until[0]:
                claim(sorted(draw.sample(range(numbers), EACH)))
                waits.append(time.perf_counter() - began)
            leave()

        crowd = [threading.Thread(target=buy, args=(place,)) for place in range(threads)]
        for buyer in crowd:
            buyer.start()
        for buyer in crowd:
            buyer.join()
        return {"waits": waits}


def through_the_action() -> tuple[Claim, Callable[[], None]]:
    raffle_id = Raffle.objects.values_list("pk", flat=True).get()
    now = timezone.now()
    player_id = Player.objects.create(name="Ana", language="es", created_at=now).pk

    def claim(numbers: list[int]) -> None:
        try:
            reserve_numbers(raffle_id=raffle_id, player_id=player_id, numbers=numbers, now=now)
        except NumbersTaken:  # an answer as well, and as dear
            return

    return claim, connection.close


def by_raw_sql(*, with_counters: bool) -> tuple[Claim, Callable[[], None]]:
    """psycopg itself, which prepares statements by itself; SQLite's own module there."""
    line = _line()
    now = timezone.now().isoformat()
    cursor = line.cursor()

    def claim(numbers: list[int]) -> None:
        values: dict[str, Any] = {"raffle": 1, "player": 1, "at": now}
        values |= dict(zip("abc", numbers, strict=True))
        cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        cursor.execute(_spelt(ORDER), values)
        values["order"] = cursor.fetchone()[0]
        cursor.execute(_spelt(CLAIM), values)
        for place in sorted({number // BLOCK_SIZE for number in numbers}) if with_counters else ():
            held = sum(number // BLOCK_SIZE == place for number in numbers)
            cursor.execute(_spelt(COUNT), {"raffle": 1, "place": place, "held": held})
        cursor.execute("COMMIT")

    return claim, line.close


def _line() -> Any:
    found = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        import sqlite3

        line = sqlite3.connect(found["NAME"], timeout=30, isolation_level=None)
        line.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        return line
    import psycopg

    return psycopg.connect(
        host=found["HOST"],
        port=found["PORT"] or 5432,
        user=found["USER"],
        password=found["PASSWORD"],
        dbname=found["NAME"],
        autocommit=True,
    )


def _spelt(sql: str) -> str:
    if connection.vendor != "sqlite":
        return sql
    for name in ("raffle", "player", "at", "order", "a", "b", "c", "place", "held"):
        sql = sql.replace(f"%({name})s", f":{name}")
    return sql


WAYS: dict[str, Callable[[], tuple[Claim, Callable[[], None]]]] = {
    "action": through_the_action,
    "raw": lambda: by_raw_sql(with_counters=False),
    "counted": lambda: by_raw_sql(with_counters=True),
}

if __name__ == "__main__":
    claimer = Claimer()
    answer_until_the_end({"prepare": claimer.prepare, "run": claimer.run})
