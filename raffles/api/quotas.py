"""Quotas that hold across processes: the count is a row, moved by one statement that says what it became.

Each process takes calls in small handfuls, so that a generous quota does not cost a write for every read.
What is left of one at the end of a window is lost; a quota is never exceeded.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from django.db import connection

HANDFULS = 40

_TAKE = """
INSERT INTO api_requestcount (bucket, "window", count) VALUES (%s, %s, %s)
ON CONFLICT (bucket, "window") DO UPDATE SET count = api_requestcount.count + excluded.count
RETURNING count
"""

_LOOK = 'SELECT count FROM api_requestcount WHERE bucket = %s AND "window" = %s'

_lock = threading.Lock()
_hands: dict[str, Hand] = {}
MOST_HANDS = 10_000


@dataclass
class Hand:
    # Its beginning, in seconds since 1970.
    window: int
    left: int
    # Of the whole quota, after what this process holds was taken.
    beyond: int


@dataclass(frozen=True)
class Standing:
    limit: int
    left: int
    allowed: bool
    resets_in: int


def ask(bucket: str, *, limit: int, seconds: int, at: float) -> Standing:
    """One call more. The window is a fixed one: at most twice the quota passes within one window's length."""
    window = int(at // seconds) * seconds
    resets_in = max(1, int(window + seconds - at) + 1)
    with _lock:
        hand = _hands.get(bucket)
        if hand is None or hand.window != window or (hand.left == 0 and hand.beyond > 0):
            hand = _hold(bucket, handful(bucket, window, limit))
        allowed = hand.left > 0
        hand.left -= 1 if allowed else 0
        return Standing(limit, hand.left + hand.beyond, allowed, resets_in)


def is_used_up(bucket: str, *, limit: int, seconds: int, at: float) -> bool:
    """Asks without taking."""
    window = int(at // seconds) * seconds
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [bucket, window])
        found = cursor.fetchone()
    return found is not None and int(found[0]) >= limit


def handful(bucket: str, window: int, limit: int) -> Hand:
    """Some of what is left for all processes; nothing when it is used up."""
    wanted = max(1, limit // HANDFULS)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [bucket, window, wanted])
        total = cursor.fetchone()[0]
    got = max(0, min(wanted, limit - (total - wanted)))
    return Hand(window, got, max(0, limit - total))


def forget() -> None:
    """For tests, and after a quota was changed."""
    with _lock:
        _hands.clear()


def _hold(bucket: str, hand: Hand) -> Hand:
    if len(_hands) >= MOST_HANDS:
        _hands.clear()
    _hands[bucket] = hand
    return hand
