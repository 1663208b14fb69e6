from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from itertools import combinations
from random import Random, SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.numbers.actions import reserve_random_numbers
from raffles.numbers.random_pick import pick_numbers
from tests.factories import NOW, make_player, make_raffle

# 100 free numbers, spread unevenly over blocks, one block sold out.
UNEVEN: Mapping[int, list[int]] = {
    0: list(range(10)),
    1: [],
    2: list(range(2000, 2060)),
    3: list(range(3000, 3300, 10)),
}


def look(free: Mapping[int, list[int]], indexes: Collection[int]) -> dict[int, list[int]]:
    return {index: free[index] for index in indexes}


def picked(free: Mapping[int, list[int]], count: int, rng: Random) -> list[int]:
    counts = {index: len(numbers) for index, numbers in free.items()}
    numbers = pick_numbers(counts, lambda indexes: look(free, indexes), count, rng)
    assert numbers is not None
    return numbers


def chi_square(seen: Counter[object], kinds: int, draws: int) -> float:
    expected = draws / kinds
    return sum((seen[key] - expected) ** 2 / expected for key in seen) + expected * (kinds - len(seen))


def critical(freedom: int) -> float:
    """Chi-square that chance exceeds once in a million (Wilson and Hilferty)."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + 4.7534 * spread**0.5) ** 3)


def test_every_free_number_is_equally_likely() -> None:
    rng, draws = Random(20261121), 100_000
    seen: Counter[object] = Counter(picked(UNEVEN, 1, rng)[0] for _ in range(draws))
    assert chi_square(seen, 100, draws) < critical(99)


def test_every_set_of_free_numbers_is_equally_likely() -> None:
    free = {0: [3], 1: [1001, 1002], 2: [2001, 2002, 2003]}
    rng, draws = Random(20261121), 100_000
    seen: Counter[object] = Counter(tuple(picked(free, 3, rng)) for _ in range(draws))
    assert set(seen) == set(combinations([3, 1001, 1002, 2001, 2002, 2003], 3))
    assert chi_square(seen, 20, draws) < critical(19)


def test_the_measure_notices_a_pick_that_is_not_uniform() -> None:
    """The control: a block first, then a number in it, favours the numbers of small blocks."""
    rng, draws = Random(20261121), 100_000
    blocks = [numbers for numbers in UNEVEN.values() if numbers]
    seen: Counter[object] = Counter(rng.choice(rng.choice(blocks)) for _ in range(draws))
    assert chi_square(seen, 100, draws) > 10 * critical(99)


@given(sizes=st.lists(st.integers(0, 20), min_size=1, max_size=6), data=st.data(), seed=st.integers())
def test_a_pick_is_as_many_distinct_free_numbers_as_asked(
    sizes: list[int], data: st.DataObject, seed: int
) -> None:
    free = {index: list(range(index * 1000, index * 1000 + size)) for index, size in enumerate(sizes)}
    count = data.draw(st.integers(0, sum(sizes)))
    numbers = picked(free, count, Random(seed))
    assert len(set(numbers)) == count
    assert numbers == sorted(numbers)
    assert set(numbers) <= {number for block in free.values() for number in block}


def test_only_the_chosen_blocks_are_looked_at() -> None:
    looked: list[int] = []

    def lookup(indexes: Collection[int]) -> dict[int, list[int]]:
        looked.extend(indexes)
        return {index: list(range(index * 1000, (index + 1) * 1000)) for index in indexes}

    pick_numbers(dict.fromkeys(range(1000), 1000), lookup, 3, Random(1))
    assert len(looked) <= 3


def test_a_block_that_emptied_between_two_looks_asks_for_another_round() -> None:
    assert pick_numbers({0: 5}, lambda _indexes: {0: [1]}, 2, Random(1)) is None


@pytest.mark.django_db
def test_claims_draw_from_the_randomness_of_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Random] = []

    def pick(
        free: Mapping[int, int],
        look_into: Callable[[Collection[int]], Mapping[int, list[int]]],
        count: int,
        rng: Random,
    ) -> list[int] | None:
        used.append(rng)
        return pick_numbers(free, look_into, count, rng)

    monkeypatch.setattr("raffles.numbers.claims.pick_numbers", pick)
    raffle, player = make_raffle(), make_player()
    reserve_random_numbers(raffle_id=raffle.pk, player_id=player.pk, count=2, now=NOW)
    assert [type(rng) for rng in used] == [SystemRandom]
