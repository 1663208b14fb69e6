"""Raffles of a million numbers, filled by raw SQL to a share, and picks of ten that are undone again."""

from __future__ import annotations

import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import open_for_sale  # noqa: E402
from raffles.numbers.actions import reserve_numbers, reserve_random_numbers  # noqa: E402
from raffles.numbers.models import BLOCK_SIZE, Raffle, Ticket  # noqa: E402
from raffles.numbers.queries import availability  # noqa: E402
from raffles.sales.models import Order, Player  # noqa: E402

EACH = 10
CLEAN_UP = {"postgresql": "VACUUM ANALYZE", "sqlite": "ANALYZE"}
SERIES = {
    "postgresql": "SELECT n FROM generate_series(0, %(last)s) AS n",
    "sqlite": "WITH RECURSIVE s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < %(last)s) "
    "SELECT n FROM s",
}
# Every number has a place of its own in a thousand, mixed well enough to leave no pattern in the blocks.
FILL = """
    INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status)
    SELECT %(raffle)s, n, %(order)s, 10000, 'SOLD' FROM ({series}) AS numbers
    WHERE (n * 2654435761 %% 4294967296) %% 1000 < %(share)s
    ON CONFLICT DO NOTHING
"""
COUNT = """
    INSERT INTO raffles_numberblock (raffle_id, "index", reserved, sold)
    SELECT raffle_id, number / %(size)s, SUM(CASE status WHEN 'RESERVED' THEN 1 ELSE 0 END),
        SUM(CASE status WHEN 'SOLD' THEN 1 ELSE 0 END)
    FROM raffles_ticket WHERE raffle_id = %(raffle)s AND status <> 'RELEASED' GROUP BY 1, 2
"""


class Picker:
    def __init__(self) -> None:
        self._raffles: dict[int, Raffle] = {}
        self._spread: dict[int, list[int]] = {}

    def prepare(self, numbers: int, thousandths: list[int]) -> list[float]:
        """A raffle for each share. Returns what is taken of each; the clean-up stands for autovacuum."""
        self._now = timezone.now()
        open_for_sale(numbers=numbers, most_per_order=EACH, hold_minutes=600, now=self._now)
        self._player = Player.objects.create(name="Ana", language="es", created_at=self._now)
        pattern = Raffle.objects.get()
        for share in thousandths:
            pattern.pk, pattern.draw, pattern.code = None, None, f"R{share}"
            pattern.save()
            self._raffles[share] = Raffle.objects.get(pk=pattern.pk)
            self._fill(self._raffles[share], share)
        with connection.cursor() as cursor:
            cursor.execute(CLEAN_UP[connection.vendor])
        self._spread = {share: spread(raffle) for share, raffle in self._raffles.items()}
        found = map(availability, self._raffles.values())
        return [1 - each.free / each.size for each in found]

    def _fill(self, raffle: Raffle, share: int) -> None:
        order = reserve_numbers(
            raffle_id=raffle.pk, player_id=self._player.pk, numbers=[raffle.first_number], now=self._now
        )
        names = {
            "raffle": raffle.pk,
            "order": order.pk,
            "last": raffle.last_number,
            "share": share,
            "size": BLOCK_SIZE,
        }
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(FILL.format(series=SERIES[connection.vendor]), names)
            cursor.execute("DELETE FROM raffles_numberblock WHERE raffle_id = %(raffle)s", names)
            cursor.execute(COUNT, names)

    def measure(self, times: int) -> dict[str, dict[str, list[float]]]:
        """In turn, so that a busy moment of the machine meets all shares alike."""
        found: dict[str, dict[str, list[float]]] = {
            str(share): {"pick": [], "known": []} for share in self._raffles
        }
        for _ in range(times):
            for share, raffle in self._raffles.items():
                found[str(share)]["pick"].append(self._picked(raffle))
                found[str(share)]["known"].append(self._known(raffle, self._spread[share]))
        return found

    def _picked(self, raffle: Raffle) -> float:
        return undone(
            lambda: reserve_random_numbers(
                raffle_id=raffle.pk, player_id=self._player.pk, count=EACH, now=self._now
            )
        )

    def _known(self, raffle: Raffle, numbers: list[int]) -> float:
        """The same reservation of numbers known to be free: what order and claim cost alone."""
        return undone(
            lambda: reserve_numbers(
                raffle_id=raffle.pk, player_id=self._player.pk, numbers=numbers, now=self._now
            )
        )


def undone(reserve: Callable[[], Order]) -> float:
    """Milliseconds of the whole reservation; undone, so that the share stays."""
    with transaction.atomic():
        began = time.perf_counter()
        order = reserve()
        milliseconds = (time.perf_counter() - began) * 1000
        assert Ticket.objects.filter(order=order).count() == EACH
        transaction.set_rollback(True)
    return milliseconds


def spread(raffle: Raffle) -> list[int]:
    taken = set(Ticket.objects.filter(raffle=raffle).values_list("number", flat=True))
    free = [n for n in range(raffle.first_number, raffle.last_number + 1) if n not in taken]
    return free[:: max(1, len(free) // EACH)][:EACH]


if __name__ == "__main__":
    picker = Picker()
    answer_until_the_end({"prepare": picker.prepare, "measure": picker.measure})
