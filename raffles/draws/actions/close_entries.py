from __future__ import annotations

from datetime import datetime

from raffles.draws.closing import close
from raffles.draws.lookups import draw_by_id
from raffles.draws.models import Draw
from raffles.sales.models import Actor


def close_entries(*, draw_id: int, actor: Actor, now: datetime) -> Draw:
    """Raises OrdersUndecided with their codes while there are some."""
    return close(draw_by_id(draw_id), actor=actor, now=now)
