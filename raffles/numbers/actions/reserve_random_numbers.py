from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.numbers.claims import claim_random, open_for, raffle_on_sale, require_count, with_overdue_freed
from raffles.sales.models import Order


def reserve_random_numbers(*, raffle_id: int, player_id: int, count: int, now: datetime) -> Order:
    """Every free number is as likely as any other, by the randomness of the operating system."""
    return with_overdue_freed(
        lambda: _reserve(raffle_id, player_id, count, now), raffle_id=raffle_id, now=now
    )


@transaction.atomic
def _reserve(raffle_id: int, player_id: int, count: int, now: datetime) -> Order:
    raffle = raffle_on_sale(raffle_id, now)
    require_count(raffle, count)
    order = open_for(raffle, player_id, count, now)
    claim_random(order, raffle, count)
    return order
