from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When

from raffles.numbers.models import BLOCK_SIZE, NumberBlock

# Makes what is missing and moves what is there, block after block in the order of the rows: one trip.
_ADD = """
INSERT INTO raffles_numberblock (raffle_id, "index", reserved, sold) VALUES {rows}
ON CONFLICT (raffle_id, "index") DO UPDATE SET reserved = raffles_numberblock.reserved + EXCLUDED.reserved
"""


def add_reserved(raffle_id: int, numbers: Iterable[int]) -> None:
    """Counts a new hold on each number.

    Two transactions that meet here never wait in a circle: claims on numbers come first, in sorted order;
    whoever holds a block waits for no number any more; and blocks are locked in sorted order.
    """
    per_block = Counter(number // BLOCK_SIZE for number in numbers)
    if not per_block:
        return
    rows = ", ".join(["(%s, %s, %s, 0)"] * len(per_block))
    values = [value for index in sorted(per_block) for value in (raffle_id, index, per_block[index])]
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(rows=rows), values)


def move_counts(raffle_id: int, numbers: Iterable[int], *, reserved: int, sold: int = 0) -> None:
    """Adds so much for each number to the counts of its block, which a hold has made."""
    per_block = Counter(number // BLOCK_SIZE for number in numbers)
    if not per_block:
        return
    blocks = NumberBlock.objects.filter(raffle_id=raffle_id, index__in=list(per_block))
    if len(per_block) > 1:
        list(blocks.select_for_update(no_key=True).order_by("index").values_list("pk"))
    each = Case(
        *(When(index=index, then=Value(count)) for index, count in per_block.items()),
        output_field=IntegerField(),
    )
    blocks.update(reserved=F("reserved") + each * reserved, sold=F("sold") + each * sold)
