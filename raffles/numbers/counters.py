from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Value, When

from raffles.numbers.models import BLOCK_SIZE, NumberBlock


def move_counts(raffle_id: int, numbers: Iterable[int], *, reserved: int = 0, sold: int = 0) -> None:
    """Adds so much for each number to the counts of its block.

    Two transactions that meet here never wait in a circle:
    1. claims on numbers come first, in sorted order; whoever holds a block waits for no number any more;
    2. missing blocks are made before any block is locked;
    3. blocks are locked in sorted order, then moved in one statement.
    """
    per_block = Counter(number // BLOCK_SIZE for number in numbers)
    if not per_block:
        return
    _make_missing(raffle_id, sorted(per_block))
    blocks = NumberBlock.objects.filter(raffle_id=raffle_id, index__in=list(per_block))
    list(blocks.select_for_update(no_key=True).order_by("index").values_list("pk"))
    each = Case(
        *(When(index=index, then=Value(count)) for index, count in per_block.items()),
        output_field=IntegerField(),
    )
    blocks.update(reserved=F("reserved") + each * reserved, sold=F("sold") + each * sold)


def _make_missing(raffle_id: int, indexes: list[int]) -> None:
    found = set(
        NumberBlock.objects.filter(raffle_id=raffle_id, index__in=indexes).values_list("index", flat=True)
    )
    missing = [NumberBlock(raffle_id=raffle_id, index=index) for index in indexes if index not in found]
    NumberBlock.objects.bulk_create(missing, ignore_conflicts=True)
