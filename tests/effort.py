from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(work: Callable[[], object]) -> int:
    """
    How many calls ``work`` makes, of Python's functions and of those written in C: the same on a slow
    machine and on a busy one, where a clock is not.

    A search that runs away inside one call of ``re`` is not seen here: such a test does not come back.
    """
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def most_bytes_of(work: Callable[[], object]) -> int:
    """The most memory that ``work`` held at one time, in bytes, of what Python allocates."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
