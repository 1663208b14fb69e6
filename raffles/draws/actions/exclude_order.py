from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import DrawMoveNotAllowed, NotUndecided, SalesNotOver
from raffles.draws.lookups import locked_draw
from raffles.draws.models import Draw, Exclusion
from raffles.draws.subjects import Undecided, subject_of
from raffles.sales.lifecycle import cancel, locked_order, required_reason
from raffles.sales.models import Actor


def exclude_order(*, draw_id: int, order_id: int, by: User, reason: str, now: datetime) -> Exclusion:
    """An order that cannot be decided in time takes no part: it is cancelled, and named in public.

    The reason is public too, so it must name nobody. Money that came for it is the player's credit.
    """
    reason, actor = required_reason(reason), Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        draw = locked_draw(draw_id)
        _require_waiting(draw, now)
        waiting = _undecided(draw, order_id, order.code)
        cancel(order, actor=actor, reason=reason, now=now)
        exclusion = Exclusion.objects.create(
            draw=draw, order=order, numbers=list(waiting.numbers), reason=reason, at=now, by=by
        )
        _note(exclusion, actor, now)
        return exclusion


def _require_waiting(draw: Draw, now: datetime) -> None:
    if draw.status != Draw.Status.COMMITTED or draw.closes_at is None:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if now < draw.closes_at:
        raise SalesNotOver(draw.code, draw.closes_at)


def _undecided(draw: Draw, order_id: int, code: str) -> Undecided:
    for waiting in subject_of(draw).undecided(draw):
        if waiting.order_id == order_id:
            return waiting
    raise NotUndecided(code)


def _note(exclusion: Exclusion, actor: Actor, now: datetime) -> None:
    record(
        Deed.ORDER_EXCLUDED,
        subject=exclusion.draw,
        label=exclusion.draw.code,
        user=actor.user,
        actor=actor.label,
        after={"order": exclusion.order.code, "numbers": exclusion.numbers},
        reason=exclusion.reason,
        now=now,
    )
