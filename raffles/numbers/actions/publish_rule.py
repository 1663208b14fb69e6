from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.draws.errors import DrawMoveNotAllowed
from raffles.draws.models import Draw
from raffles.numbers.drawing import commit_draw
from raffles.numbers.errors import RaffleNotFound
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor


def publish_rule(*, raffle_id: int, actor: Actor, now: datetime) -> Draw:
    """For a raffle that was on sale before rules were published: late, and its page says how late."""
    with transaction.atomic():
        raffle = Raffle.objects.select_for_update(no_key=True).filter(pk=raffle_id).first()
        if raffle is None:
            raise RaffleNotFound(raffle_id)
        if raffle.status not in {Raffle.Status.ACTIVE, Raffle.Status.PAUSED}:
            raise DrawMoveNotAllowed(raffle.code, raffle.status)
        commit_draw(raffle, actor=actor, now=now)
        assert raffle.draw is not None  # noqa: S101 - committed a moment ago
        return raffle.draw
