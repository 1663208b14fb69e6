"""Many numbers in few words: each range by its first and its last number. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]


def in_ranges(numbers: Iterable[int]) -> Ranges:
    """Of ascending numbers."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def count_of(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def each_of(ranges: Ranges) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


def gaps(first: int, last: int, taken: Ranges) -> Iterator[tuple[int, int]]:
    """What of `first` to `last` is not taken, without walking through it."""
    at = first
    for start, end in taken:
        if at < start:
            yield at, start - 1
        at = end + 1
    if at <= last:
        yield at, last
