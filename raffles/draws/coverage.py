"""Whether every number that can be sold can win, and each as likely as any other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_RANGES = 20


@dataclass(frozen=True)
class Coverage:
    """Ranges of numbers, first and last; both empty where the rule is fair."""

    never: tuple[tuple[int, int], ...] = ()
    likelier: tuple[tuple[int, int], ...] = ()

    @property
    def is_fair(self) -> bool:
        return not self.never and not self.likelier


def coverage_of_digits(*, first: int, last: int, digits: int, mapping: str) -> Coverage:
    """All results of `digits` digits are as likely; what they are mapped to may not be."""
    outcomes = 10**digits
    if mapping == "direct":
        return Coverage(never=((max(first, outcomes), last),) if last >= outcomes else ())
    size = last - first + 1
    if outcomes < size:
        return Coverage(never=((first + outcomes, last),))
    rest = outcomes % size
    return Coverage(likelier=((first, first + rest - 1),) if rest else ())


def outcomes_for(number: int, *, first: int, last: int, digits: int, mapping: str) -> int:
    """How many of the possible results make this number win."""
    outcomes = 10**digits
    if mapping == "direct":
        return int(number < outcomes)
    place, size = number - first, last - first + 1
    return len(range(place, outcomes, size))


def in_words(ranges: Iterable[tuple[int, int]]) -> str:
    """Such as 100–199, 205; for whoever has to mend the rule."""
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges]
    return ", ".join(shown[:MOST_RANGES]) + (" …" if len(shown) > MOST_RANGES else "")
