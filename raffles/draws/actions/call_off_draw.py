from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import DrawMoveNotAllowed
from raffles.draws.lookups import locked_draw
from raffles.draws.models import Draw
from raffles.draws.notices import DrawCalledOff, announce
from raffles.draws.subjects import subject_of
from raffles.sales.lifecycle import required_reason
from raffles.sales.models import Actor

Status = Draw.Status


def call_off_draw(*, draw_id: int, by: User, reason: str, now: datetime) -> Draw:
    """Only before its instant: afterwards the result can be known, and is held.

    Orders are refunded one by one, as ever.
    """
    reason, actor = required_reason(reason), Actor.staff(by)
    with transaction.atomic():
        draw = locked_draw(draw_id)
        over = draw.draws_at is not None and now >= draw.draws_at
        if over or draw.status not in {Status.COMMITTED, Status.CLOSED}:
            raise DrawMoveNotAllowed(draw.code, draw.status)
        subject_of(draw).close(draw, actor=actor, now=now)
        draw.status, draw.called_off_at, draw.called_off_reason = Status.CALLED_OFF, now, reason
        draw.save(update_fields=["status", "called_off_at", "called_off_reason"])
        record(Deed.DRAW_CALLED_OFF, subject=draw, label=draw.code, user=by, reason=reason, now=now)
        announce(DrawCalledOff(draw))
        return draw
