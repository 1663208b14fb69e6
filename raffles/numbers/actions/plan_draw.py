from __future__ import annotations

from django.db import transaction

from raffles.draws.models import Draw
from raffles.numbers.drawing import planned_draw
from raffles.numbers.errors import RaffleNotFound
from raffles.numbers.models import Raffle


def plan_draw(*, raffle_id: int) -> Draw:
    """The draw of a raffle, with one prize to begin with; the one it has already where it has one."""
    with transaction.atomic():
        raffle = Raffle.objects.select_related("draw").filter(pk=raffle_id).first()
        if raffle is None:
            raise RaffleNotFound(raffle_id)
        return planned_draw(raffle)
