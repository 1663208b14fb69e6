"""What the minutes of a draw say; nowhere the name of a player.

The JSON is these fields as they stand here. Its digest is on paper too, so that both can be held together.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from raffles.draws.minutes.ranges import Ranges
from raffles.draws.ruling import instant

FORMAT = "raffle-draw-minutes/1"


@dataclass(frozen=True)
class Gone:
    """Numbers of an order that take no part, or were refunded after they had taken part."""

    order: str
    numbers: Ranges
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Numbers:
    """`first` to `last` were on sale. Each was sold, is void or was free; ranges are first and last."""

    first: int
    last: int
    width: int
    sold_count: int
    sold: Ranges
    free_count: int
    free: Ranges
    excluded: tuple[Gone, ...]
    refunded_before: tuple[Gone, ...]
    refunded_since: tuple[Gone, ...]


@dataclass(frozen=True)
class Money:
    currency: str
    orders: int
    numbers: int
    amount_minor: int


@dataclass(frozen=True)
class PrizeLine:
    rank: int
    label: str
    quantity: int
    amount_minor: int | None
    currency: str | None


@dataclass(frozen=True)
class RuleLine:
    version: int
    published_at: datetime
    digest: str
    reason: str


@dataclass(frozen=True)
class Round:
    chain: str
    round: int
    at: datetime
    signature: str
    randomness: str


@dataclass(frozen=True)
class Lottery:
    name: str
    drawing: str
    digits: int
    mapping: str
    results: tuple[str, ...]


@dataclass(frozen=True)
class Barrel:
    numbers: tuple[int, ...]
    witnesses: str


@dataclass(frozen=True)
class Chance:
    """Where the result came from; what took no part is None."""

    method: str
    commitment: str | None
    secret: str | None
    fallback: str
    beacon: Round | None
    lottery: Lottery | None
    barrel: Barrel | None
    seed: str | None


@dataclass(frozen=True)
class Winner:
    """By number and code of the order. `lost_why` is one of the words of awards."""

    rank: int
    unit: int
    prize: str
    number: int
    order: str
    claim_until: datetime
    status: str
    lost_why: str
    lost_at: datetime | None


@dataclass(frozen=True)
class Reserve:
    number: int
    order: str


@dataclass(frozen=True)
class Minutes:
    format: str
    code: str
    title: str
    time_zone: str
    closes_at: datetime
    draws_at: datetime
    closed_at: datetime
    drawn_at: datetime
    entries: int
    root: str
    numbers: Numbers
    takings: tuple[Money, ...]
    refunded_since: tuple[Money, ...]
    prizes: tuple[PrizeLine, ...]
    rules: tuple[RuleLine, ...]
    chance: Chance
    sequence: tuple[int, ...]
    winners: tuple[Winner, ...]
    reserves: tuple[Reserve, ...]

    @property
    def text(self) -> str:
        """The JSON, the same letters whoever asks and however often."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_as_text
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    raise TypeError(type(value))
