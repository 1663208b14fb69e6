from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.numbers.drawing import commit_draw
from raffles.numbers.lifecycle import move_raffle
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor


def open_raffle(*, raffle_id: int, actor: Actor, now: datetime) -> Raffle:
    """With the first opening the rule of the draw is published: before anything is sold, or nothing is."""
    with transaction.atomic():
        raffle = move_raffle(raffle_id, to=Raffle.Status.ACTIVE, actor=actor, now=now)
        commit_draw(raffle, actor=actor, now=now)
        return raffle
