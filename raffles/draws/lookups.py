"""Draws by their keys."""

from __future__ import annotations

from raffles.draws.errors import DrawNotFound
from raffles.draws.models import Draw


def draw_by_id(draw_id: int) -> Draw:
    draw = Draw.objects.filter(pk=draw_id).first()
    if draw is None:
        raise DrawNotFound(draw_id)
    return draw


def locked_draw(draw_id: int) -> Draw:
    """Until the caller's transaction ends nobody else decides about this draw."""
    draw = Draw.objects.select_for_update(no_key=True).filter(pk=draw_id).first()
    if draw is None:
        raise DrawNotFound(draw_id)
    return draw
