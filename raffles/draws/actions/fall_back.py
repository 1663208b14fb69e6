from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import BeaconNotAsked, DrawMoveNotAllowed, FallbackNotDue
from raffles.draws.holding import fallback_of
from raffles.draws.lookups import locked_draw
from raffles.draws.models import Draw
from raffles.draws.ruling import round_due
from raffles.sales.models import Actor

Fallback, Method = Draw.Fallback, Draw.Method


def fall_back(*, draw_id: int, actor: Actor, now: datetime) -> Draw:
    """What the rule says for a lost secret or a beacon that did not come; which of them shows by itself.

    Raises FallbackNotDue while neither is so, or the time of the rule has not passed; BeaconNotAsked where
    nobody has looked since whether the round is there: who keeps it away must not choose by that.
    """
    with transaction.atomic():
        draw = locked_draw(draw_id)
        if draw.status != Draw.Status.CLOSED or draw.fallback:
            raise DrawMoveNotAllowed(draw.code, draw.status)
        found = fallback_of(draw)
        if found is None:
            raise FallbackNotDue(draw.code, None)
        fallback, after = found
        if draw.base is None or now < draw.base + after:
            raise FallbackNotDue(draw.code, None if draw.base is None else draw.base + after)
        if fallback == Fallback.BEACON_MISSING and not _was_asked(draw, draw.base + after):
            raise BeaconNotAsked(draw.code)
        _fall(draw, fallback)
        _note(draw, actor, now)
        return draw


def _was_asked(draw: Draw, due: datetime) -> bool:
    return draw.beacon_asked_at is not None and draw.beacon_asked_at >= due


def _fall(draw: Draw, fallback: str) -> None:
    """A lost secret means a later round: the one that is known now would be a choice."""
    draw.fallback, draw.trouble = fallback, ""
    if fallback == Fallback.SECRET_LOST and draw.method == Method.BEACON:
        draw.beacon_round, draw.beacon_signature = round_due(draw), ""
    draw.save(update_fields=["fallback", "trouble", "beacon_round", "beacon_signature"])


def _note(draw: Draw, actor: Actor, now: datetime) -> None:
    record(
        Deed.DRAW_FELL_BACK,
        subject=draw,
        label=draw.code,
        user=actor.user,
        actor=actor.label,
        after={"fallback": draw.fallback, "round": draw.beacon_round},
        now=now,
    )
