from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.draws.lookups import locked_draw
from raffles.draws.models import Award
from raffles.draws.winners import come_forward, own_awards
from raffles.sales.models import Actor


def claim_award(*, draw_id: int, player_id: int, actor: Actor, now: datetime) -> list[Award]:
    """The winner has come forward: the deadline is kept for all they won. Said twice it is said once."""
    with transaction.atomic():
        awards = own_awards(locked_draw(draw_id), player_id)
        come_forward(awards, actor, now)
        return awards
