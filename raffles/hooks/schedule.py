"""When a delivery that failed is tried again: ten tries within three days, then it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=22),
)
MOST_TRIES = len(PAUSES) + 1
# What failed together must not come back together.
JITTER = 0.1


def next_try(tries: int, now: datetime, *, chance: float) -> datetime | None:
    """After so many tries; None: none is left. `chance`, from 0 to 1, makes the pause shorter."""
    if tries >= MOST_TRIES:
        return None
    return now + PAUSES[tries - 1] * (1 - JITTER * chance)
