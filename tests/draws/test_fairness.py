from __future__ import annotations

import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.draws.coverage import Coverage, coverage_of_digits, in_words, outcomes_for
from raffles.draws.fairness import (
    chosen_by_digits,
    mark_of,
    salt_of,
    seed_of,
    sequence,
)
from raffles.draws.merkle import leaf, node, path_to, root_by, root_of

DRAWS, ENTRIES = 20_000, 10


def chi_square(counts: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts)


def counts_by_turn(draws: Iterable[Sequence[int]]) -> list[list[int]]:
    """How often each entry was drawn first, second and so on."""
    counts = Counter((turn, entry) for drawn in draws for turn, entry in enumerate(drawn))
    return [[counts[turn, entry] for entry in range(ENTRIES)] for turn in range(ENTRIES)]


def test_a_million_draws_prefer_no_entry() -> None:
    """Each by its own seed, as draws are; 33.72 is passed once in 10,000 (9 degrees of freedom)."""
    seeds = (hashlib.sha256(b"one of a million, %d" % serial).hexdigest() for serial in range(1_000_000))
    found = Counter(sequence(seed, ENTRIES, 1)[0] for seed in seeds)
    assert chi_square([found[entry] for entry in range(ENTRIES)], 100_000) < 33.72


def test_draws_prefer_no_entry_in_any_turn() -> None:
    seeds = (hashlib.sha256(b"a draw %d" % serial).hexdigest() for serial in range(DRAWS))
    found = counts_by_turn(sequence(seed, ENTRIES, ENTRIES) for seed in seeds)
    assert [turn for turn in found if chi_square(turn, DRAWS / ENTRIES) >= 33.72] == []


def test_draws_that_prefer_an_entry_a_little_would_fail_the_same_test() -> None:
    """One draw in fifty has another first number than chance gave."""
    chance, entries = random.Random(7), list(range(ENTRIES))
    drawn = [chance.sample(entries, ENTRIES) for _draw in range(DRAWS)]
    biased = [sorted(each) if not turn % 50 else each for turn, each in enumerate(drawn)]
    assert chi_square(counts_by_turn(drawn)[0], DRAWS / ENTRIES) < 33.72
    assert chi_square(counts_by_turn(biased)[0], DRAWS / ENTRIES) > 33.72


def test_every_order_of_three_is_as_likely() -> None:
    found = Counter(tuple(sequence(hashlib.sha256(b"%d" % turn).hexdigest(), 3, 3)) for turn in range(30_000))
    assert set(found) == set(itertools.permutations(range(3)))
    assert chi_square(list(found.values()), 5_000) < 20.52  # 5 degrees of freedom, once in a thousand


@given(seed=st.binary(min_size=32, max_size=32), count=st.integers(0, 300), length=st.integers(0, 50))
def test_a_sequence_is_as_long_as_it_can_be_and_repeats_nothing(seed: bytes, count: int, length: int) -> None:
    drawn = sequence(seed.hex(), count, length)
    assert len(drawn) == len(set(drawn)) == min(count, length)
    assert all(0 <= place < count for place in drawn)
    assert sequence(seed.hex(), count, length) == drawn


@pytest.mark.parametrize("part", ["rule", "root", "secret", "randomness"])
def test_every_part_moves_the_seed(part: str) -> None:
    parts: dict[str, str | None] = dict.fromkeys(("rule", "root", "secret", "randomness"), "ab" * 32)
    seeds = {seed_of(**{**parts, part: value}) for value in ("ab" * 32, "cd" * 32)}  # type: ignore[arg-type]
    assert len(seeds) == 2


def recursive_root(leaves: list[bytes]) -> bytes:
    """Word for word from RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@given(st.integers(0, 70))
def test_the_tree_is_that_of_the_standard_and_every_path_leads_to_its_root(count: int) -> None:
    leaves = [leaf(f"{number}:mark") for number in range(count)]
    root = root_of(leaves)
    assert root == recursive_root(leaves)
    assert all(root_by(leaves[at], path_to(leaves, at)) == root for at in range(count))


def test_a_path_of_another_leaf_does_not_lead_there() -> None:
    leaves = [leaf(str(number)) for number in range(9)]
    assert root_by(leaves[3], path_to(leaves, 4)) != root_of(leaves)


def test_a_mark_tells_neither_number_nor_order_without_its_salt() -> None:
    key = "0f" * 32
    marks = {mark_of(salt=salt_of(key, number), number=number, order="9YDH34") for number in range(100)}
    assert len(marks) == 100
    assert salt_of(key, 1) != salt_of("f0" * 32, 1)


@pytest.mark.parametrize(
    ("results", "mapping", "expected"),
    [
        (["4071", "0233", "0271", "9905"], "direct", [71, 33, 5]),
        (["4071", "0299"], "remainder", [71, 99]),
        (["10", "98", "12"], "direct", [12]),
    ],
)
def test_official_results_choose_sold_numbers_in_their_order(
    results: list[str], mapping: str, expected: list[int]
) -> None:
    entries = {5, 12, 33, 71, 99}
    assert chosen_by_digits(results, digits=2, first=0, last=99, mapping=mapping, entries=entries) == expected


@pytest.mark.parametrize(
    ("first", "last", "digits", "mapping", "expected"),
    [
        (0, 99, 2, "direct", Coverage()),
        (0, 49, 2, "direct", Coverage()),
        (1, 100, 2, "direct", Coverage(never=((100, 100),))),
        (0, 1999, 3, "direct", Coverage(never=((1000, 1999),))),
        (1, 100, 2, "remainder", Coverage()),
        (1, 50, 2, "remainder", Coverage()),
        (0, 29, 2, "remainder", Coverage(likelier=((0, 9),))),
        (1, 200, 2, "remainder", Coverage(never=((101, 200),))),
    ],
)
def test_a_rule_of_digits_is_fair_or_the_numbers_it_wrongs_are_named(
    first: int, last: int, digits: int, mapping: str, expected: Coverage
) -> None:
    assert coverage_of_digits(first=first, last=last, digits=digits, mapping=mapping) == expected


@given(
    first=st.integers(0, 30),
    size=st.integers(1, 300),
    digits=st.integers(1, 3),
    mapping=st.sampled_from(["direct", "remainder"]),
)
def test_fair_means_that_every_number_has_as_many_outcomes(
    first: int, size: int, digits: int, mapping: str
) -> None:
    last = first + size - 1
    found = coverage_of_digits(first=first, last=last, digits=digits, mapping=mapping)
    ways = {
        number: outcomes_for(number, first=first, last=last, digits=digits, mapping=mapping)
        for number in range(first, last + 1)
    }
    counted = Counter(
        number
        for value in range(10**digits)
        if (number := value if mapping == "direct" else first + value % size) in ways
    )
    assert all(ways[number] == counted[number] for number in ways)
    assert found.is_fair == (len(set(ways.values())) == 1 and 0 not in ways.values())
    never = {number for low, high in found.never for number in range(low, high + 1)}
    assert never == {number for number, count in ways.items() if not count}


def test_ranges_are_told_in_words_and_not_without_end() -> None:
    assert in_words([(100, 199), (205, 205)]) == "100–199, 205"
    assert in_words([(each, each) for each in range(50)]).endswith("…")
