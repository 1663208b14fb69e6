"""Results that people type: what counts is what two of them typed alike."""

from __future__ import annotations

from raffles.draws.errors import RecordChanged
from raffles.draws.models import Draw, TypedResult


def newest_words(draw: Draw) -> dict[int, TypedResult]:
    """Of everybody who typed, by user: whoever mistyped has typed again."""
    return {each.by_id: each for each in TypedResult.objects.filter(draw=draw).order_by("id")}


def require_agreed(draw: Draw) -> None:
    """Raises RecordChanged where the draw says results that no two people have typed."""
    if draw.typed is None:
        return
    same = [each for each in newest_words(draw).values() if each.values == draw.typed]
    if len(same) < 2 or draw.witnesses not in {each.witnesses for each in same}:
        raise RecordChanged(draw.code, "typed")
