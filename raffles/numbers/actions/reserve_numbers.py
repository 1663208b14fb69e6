from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from raffles.numbers.claims import (
    claim,
    open_for,
    raffle_on_sale,
    require_count,
    require_in_range,
    with_overdue_freed,
)
from raffles.sales.models import Order


def reserve_numbers(*, raffle_id: int, player_id: int, numbers: Collection[int], now: datetime) -> Order:
    """All of the numbers or none."""
    return with_overdue_freed(
        lambda: _reserve(raffle_id, player_id, sorted(set(numbers)), now), raffle_id=raffle_id, now=now
    )


@transaction.atomic
def _reserve(raffle_id: int, player_id: int, numbers: list[int], now: datetime) -> Order:
    raffle = raffle_on_sale(raffle_id, now)
    require_count(raffle, len(numbers))
    require_in_range(raffle, numbers)
    order = open_for(raffle, player_id, len(numbers), now)
    claim(order, raffle, numbers)
    return order
