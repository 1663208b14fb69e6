"""A uniform pick among free numbers, without looking at the ones that are not in a chosen block."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate
from random import Random


def pick_numbers(
    free_by_block: Mapping[int, int],
    free_in_blocks: Callable[[Collection[int]], Mapping[int, list[int]]],
    count: int,
    rng: Random,
) -> list[int] | None:
    """Every set of `count` free numbers is equally likely: blocks are drawn by how much is free in them,
    then numbers within each. None when a rival moved between the two looks.
    """
    shares = _shares_by_block(free_by_block, count, rng)
    free = free_in_blocks(sorted(shares))
    if any(len(free[index]) < share for index, share in shares.items()):
        return None
    return sorted(number for index, share in shares.items() for number in rng.sample(free[index], share))


def _shares_by_block(free_by_block: Mapping[int, int], count: int, rng: Random) -> Counter[int]:
    """How many of each block: as if all free numbers stood in a row and `count` places were drawn."""
    indexes = list(free_by_block)
    ends = list(accumulate(free_by_block.values()))
    places: Iterable[int] = rng.sample(range(ends[-1]), count)
    return Counter(indexes[bisect_right(ends, place)] for place in places)
