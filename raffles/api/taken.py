"""Which numbers of a raffle are taken, small: as ranges where they are few, as one bit a number where not."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from raffles.numbers.models import BLOCK_SIZE, NumberBlock, Raffle
from raffles.numbers.queries import taken_in_blocks

WIDEST_WINDOW = 100_000


@dataclass(frozen=True)
class Taken:
    """`ranges`: "0-3,7,12-40". `bitmap`: base64; the first byte's highest bit is `first`; 1 is taken."""

    RANGES: ClassVar = "ranges"
    BITMAP: ClassVar = "bitmap"

    first: int
    last: int
    encoding: str
    data: str


def taken(raffle: Raffle, first: int, last: int) -> Taken:
    found = sorted(number for number in _claimed(raffle, first, last) if first <= number <= last)
    few, many = ranges(found), bitmap(found, first, last)
    smaller = (Taken.RANGES, few) if len(few) <= len(many) else (Taken.BITMAP, many)
    return Taken(first, last, *smaller)


def expanded(found: Taken) -> list[int]:
    if found.encoding == Taken.RANGES:
        return [number for part in found.data.split(",") if part for number in _read(part)]
    bits = base64.b64decode(found.data)
    return [
        found.first + 8 * index + bit
        for index, byte in enumerate(bits)
        for bit in range(8)
        if byte & (0x80 >> bit)
    ]


def _claimed(raffle: Raffle, first: int, last: int) -> set[int]:
    """Only blocks that have a claim are looked into; the cost is what was claimed in the window."""
    blocks = NumberBlock.objects.filter(
        raffle=raffle, index__range=(first // BLOCK_SIZE, last // BLOCK_SIZE)
    ).exclude(reserved=0, sold=0)
    return taken_in_blocks(raffle, list(blocks.values_list("index", flat=True)))


def ranges(numbers: list[int]) -> str:
    return ",".join(_written(start, end) for start, end in _runs(numbers))


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    start = previous = None
    for number in numbers:
        if previous is None or number != previous + 1:
            if start is not None and previous is not None:
                yield start, previous
            start = number
        previous = number
    if start is not None and previous is not None:
        yield start, previous


def _written(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}-{end}"


def _read(part: str) -> range:
    start, _, end = part.partition("-")
    return range(int(start), int(end or start) + 1)


def bitmap(numbers: list[int], first: int, last: int) -> str:
    bits = bytearray((last - first) // 8 + 1)
    for number in numbers:
        index, bit = divmod(number - first, 8)
        bits[index] |= 0x80 >> bit
    return base64.b64encode(bits).decode()
