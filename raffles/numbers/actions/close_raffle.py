from __future__ import annotations

from datetime import datetime

from raffles.numbers.lifecycle import move_raffle
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor


def close_raffle(*, raffle_id: int, actor: Actor, now: datetime) -> Raffle:
    return move_raffle(raffle_id, to=Raffle.Status.CLOSED, actor=actor, now=now)
