from __future__ import annotations

from datetime import datetime

from raffles.draws.holding import hold
from raffles.draws.lookups import draw_by_id
from raffles.draws.models import Draw
from raffles.sales.models import Actor


def hold_draw(*, draw_id: int, actor: Actor, now: datetime) -> Draw:
    """Once. Raises RandomnessMissing or SecretLost while something is awaited.

    Raises EntriesChanged or RecordChanged where it must stop.
    """
    return hold(draw_by_id(draw_id), actor=actor, now=now)
