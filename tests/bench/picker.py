"""A raffle of a million numbers, filled by raw SQL to a share, and picks of ten that are undone again."""

from __future__ import annotations

import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import open_for_sale  # noqa: E402
from raffles.numbers.actions import reserve_numbers, reserve_random_numbers  # noqa: E402
from raffles.numbers.models import BLOCK_SIZE, Raffle, Ticket  # noqa: E402
from raffles.numbers.queries import availability  # noqa: E402
from raffles.sales.models import Player  # noqa: E402

EACH = 10
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
    def prepare(self, numbers: int) -> None:
        now = timezone.now()
        open_for_sale(numbers=numbers, most_per_order=EACH, hold_minutes=600, now=now)
        self.raffle = Raffle.objects.get()
        self.player = Player.objects.create(name="Ana", language="es", created_at=now)
        self.order = reserve_numbers(raffle_id=self.raffle.pk, player_id=self.player.pk, numbers=[0], now=now)

    def fill(self, thousandths: int) -> float:
        """Returns the share that is taken. The clean-up stands for what autovacuum does in a real shop."""
        names = {
            "raffle": self.raffle.pk,
            "order": self.order.pk,
            "last": self.raffle.last_number,
            "share": thousandths,
            "size": BLOCK_SIZE,
        }
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(FILL.format(series=SERIES[connection.vendor]), names)
            cursor.execute("DELETE FROM raffles_numberblock WHERE raffle_id = %(raffle)s", names)
            cursor.execute(COUNT, names)
        with connection.cursor() as cursor:
            cursor.execute(
                "VACUUM ANALYZE raffles_ticket" if connection.vendor == "postgresql" else "ANALYZE"
            )
        found = availability(self.raffle)
        return 1 - found.free / found.size

    def pick(self, times: int) -> list[float]:
        """Milliseconds of the whole reservation: pick, order, claim; undone, so that the share stays."""
        return [self._timed() for _ in range(times)]

    def _timed(self) -> float:
        began = time.perf_counter()
        with transaction.atomic():
            order = reserve_random_numbers(
                raffle_id=self.raffle.pk, player_id=self.player.pk, count=EACH, now=timezone.now()
            )
            milliseconds = (time.perf_counter() - began) * 1000
            assert Ticket.objects.filter(order=order).count() == EACH
            transaction.set_rollback(True)
        return milliseconds

    def known(self, times: int) -> list[float]:
        """The same reservation of numbers known to be free: what order and claim cost alone."""
        taken = set(Ticket.objects.filter(raffle=self.raffle).values_list("number", flat=True))
        free = [n for n in range(self.raffle.first_number, self.raffle.last_number + 1) if n not in taken]
        spread = free[:: max(1, len(free) // EACH)][:EACH]
        return [self._timed_known(spread) for _ in range(times)]

    def _timed_known(self, numbers: list[int]) -> float:
        began = time.perf_counter()
        with transaction.atomic():
            reserve_numbers(
                raffle_id=self.raffle.pk, player_id=self.player.pk, numbers=numbers, now=timezone.now()
            )
            milliseconds = (time.perf_counter() - began) * 1000
            transaction.set_rollback(True)
        return milliseconds


if __name__ == "__main__":
    picker = Picker()
    answer_until_the_end(
        {"prepare": picker.prepare, "fill": picker.fill, "pick": picker.pick, "known": picker.known}
    )
