from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.lookups import locked_draw
from raffles.draws.minutes import Minutes, minutes_of
from raffles.sales.models import Actor


def issue_minutes(*, draw_id: int, actor: Actor, now: datetime) -> Minutes:
    """What they say, and in the log its digest: whoever shows a paper later can be held to it.

    Raises DrawMoveNotAllowed before the result, TotalsDiffer, EntriesChanged or RecordChanged where books
    differ.
    """
    with transaction.atomic():
        draw = locked_draw(draw_id)
        minutes = minutes_of(draw)
        record(
            Deed.MINUTES_ISSUED,
            subject=draw,
            label=draw.code,
            user=actor.user,
            actor=actor.label,
            after={"sha256": minutes.digest},
            now=now,
        )
        return minutes
