"""When a delivery that failed is tried again: ten tries within three days, then it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

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
# What ended, and what waits for a receiver that is off.
KEPT = timedelta(days=30)
MOST_TRIES = len(PAUSES) + 1
# What failed together must not come back together.
JITTER = 0.1
# A receiver that asks for more is asked again after that: it must not silence us for days by a slip.
LONGEST_REST = timedelta(hours=1)


def next_try(tries: int, now: datetime, *, chance: float) -> datetime | None:
    """After so many tries; None: none is left. `chance`, from 0 to 1, makes the pause shorter."""
    if tries >= MOST_TRIES:
        return None
    return now + PAUSES[tries - 1] * (1 - JITTER * chance)


def asked_for(retry_after: str, now: datetime) -> timedelta | None:
    """`Retry-After` as HTTP writes it, in seconds or as a date; None for what is neither, or is over."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        wish = min(int(text[:10]), LONGEST_REST.total_seconds())
        return timedelta(seconds=wish) if wish else None
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    rest = min((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, LONGEST_REST)
    return rest if rest > timedelta(0) else None
