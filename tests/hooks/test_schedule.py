from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from raffles.hooks.schedule import MOST_TRIES, next_try
from raffles.hooks.settling import LASTING
from tests.factories import NOW


def ends_after(chance: float) -> timedelta:
    """From the first try to the last."""
    at = NOW
    for tries in range(1, MOST_TRIES):
        later = next_try(tries, at, chance=chance)
        assert later is not None
        at = later
    assert next_try(MOST_TRIES, at, chance=chance) is None
    return at - NOW


def test_ten_tries_take_almost_three_days_and_never_more() -> None:
    assert timedelta(hours=71) < ends_after(0) <= timedelta(hours=72)
    assert timedelta(hours=64) < ends_after(1) < timedelta(hours=65)


def test_each_pause_is_longer_than_the_one_before_whatever_chance_says() -> None:
    waits = []
    for tries in range(1, MOST_TRIES):
        longest, shortest = (next_try(tries, NOW, chance=chance) for chance in (0, 1))
        assert longest is not None
        assert shortest is not None
        waits.append((shortest - NOW, longest - NOW))
    assert all(before[1] < after[0] for before, after in pairwise(waits))


def test_what_counts_as_lasting_is_shorter_than_the_tries_of_one_delivery() -> None:
    """Otherwise something that arrived before them would keep a dead receiver on."""
    assert ends_after(1) > LASTING
