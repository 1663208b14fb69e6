from __future__ import annotations

from raffles.numbers.lifecycle import move_raffle
from raffles.numbers.models import Raffle


def open_raffle(*, raffle_id: int) -> Raffle:
    return move_raffle(raffle_id, to=Raffle.Status.ACTIVE)
