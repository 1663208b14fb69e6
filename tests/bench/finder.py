"""A shop with years of receipts, and the search for one of them."""

from __future__ import annotations

import random
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from raffles.evidence.lookups import candidates  # noqa: E402
from raffles.evidence.models import Evidence, Mark  # noqa: E402
from raffles.sales.models import PaymentProof  # noqa: E402
from tests.factories import NOW, make_order, make_player, make_raffle  # noqa: E402

# Measured: of the 380 marks of a receipt most are those of its bank, whose places are full.
OWN_MARKS = 40
SEARCHED_MARKS = 1_100
FULL_MARKS = 150
BATCH = 5_000
SEARCHES = 40
COUNT = {
    "postgresql": "SELECT n FROM generate_series(1, %(own)s) AS n",
    "sqlite": "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %(own)s) "
    "SELECT n FROM s",
}


class Finder:
    def __init__(self) -> None:
        self.order = make_order(raffle=make_raffle(), player=make_player())
        self.dice = random.Random(7)

    def search(self, old: int) -> dict[str, Any]:
        self._grow(old - Evidence.objects.count())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        newest = Evidence.objects.select_related("proof").latest("id")
        costs, rows = [], 0
        for _ in range(SEARCHES):
            wanted = self._wanted()
            started = time.perf_counter()
            candidates(wanted, newest)
            costs.append((time.perf_counter() - started) * 1000)
            rows = Mark.objects.filter(value__in=wanted).count()
        return {"ms": costs, "rows": rows, "marks": Mark.objects.count()}

    def _wanted(self) -> list[int]:
        """Those of the bank, those of one old receipt, and many that nobody has."""
        old = self.dice.choice(list(Evidence.objects.values_list("pk", flat=True)[:1_000]))
        known = list(Mark.objects.filter(evidence=old, value__gte=FULL_MARKS).values_list("value", flat=True))
        strange = [self.dice.getrandbits(63) for _ in range(SEARCHED_MARKS - FULL_MARKS - len(known))]
        return [*range(FULL_MARKS), *known, *strange]

    def _grow(self, count: int) -> None:
        after = Evidence.objects.order_by("-id").values_list("id", flat=True).first() or 0
        for start in range(0, count, BATCH):
            self._add(range(after + start, after + min(start + BATCH, count)))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO evidence_mark (value, place, evidence_id) "  # noqa: S608 - our own words
                f"SELECT (e.id * 64 + c.n) * 2654435761 + {FULL_MARKS}, 0, e.id "
                f"FROM evidence_evidence e, ({COUNT[connection.vendor]}) c WHERE e.id > %(after)s",
                {"own": OWN_MARKS, "after": after},
            )
        if not after:
            first = list(Evidence.objects.order_by("id")[: Mark.PLACES])
            full = [
                Mark(value=v, place=p, evidence=e) for v in range(FULL_MARKS) for p, e in enumerate(first)
            ]
            Mark.objects.bulk_create(full)

    def _add(self, numbers: range) -> None:
        proofs = PaymentProof.objects.bulk_create(
            PaymentProof(
                order=self.order,
                file="none.jpg",
                content_type="image/jpeg",
                size=1,
                sha256=f"{number:064x}",
                received_at=NOW,
                source_key=f"old:{number}",
            )
            for number in numbers
        )
        Evidence.objects.bulk_create(Evidence(proof=proof, due_at=NOW, status="READ") for proof in proofs)


if __name__ == "__main__":
    finder = Finder()
    answer_until_the_end({"search": finder.search})
