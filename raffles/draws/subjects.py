"""What a draw asks of the thing whose numbers it draws; each kind registers itself when its app is ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from raffles.draws.models import Draw
from raffles.sales.models import Actor


@dataclass(frozen=True)
class Terms:
    """What is on sale, as the rule says it. Instants in UTC, whole seconds."""

    title: str
    first: int
    last: int
    width: int
    sales_open_at: datetime
    closes_at: datetime
    draws_at: datetime
    time_zone: str

    def labels(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(str(number).zfill(self.width) for number in numbers)


@dataclass(frozen=True)
class PaidNumber:
    number: int
    order_id: int
    order_code: str
    player_id: int


@dataclass(frozen=True)
class Undecided:
    """An order that holds numbers, or may yet get free ones for late money, and is neither paid nor over."""

    order_id: int
    order_code: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Taking:
    """What one order paid, told by three books: its numbers, the order itself and the players' accounts."""

    order_code: str
    currency: str
    numbers: int
    priced_minor: int
    total_minor: int
    charged_minor: int


@dataclass(frozen=True)
class RefundedNumber:
    """It was paid, and its order was taken back."""

    number: int
    order_code: str
    price_minor: int
    currency: str
    at: datetime


class Subject(Protocol):
    def terms(self, draw: Draw) -> Terms: ...

    def paid(self, draw: Draw) -> list[PaidNumber]:
        """Ascending by number."""

    def undecided(self, draw: Draw) -> list[Undecided]: ...

    def takings(self, draw: Draw) -> list[Taking]:
        """Of every order that is paid or has a sold number; by their codes."""

    def refunded(self, draw: Draw) -> list[RefundedNumber]:
        """Ascending by number; one that was sold again meanwhile is among them."""

    def close(self, draw: Draw, *, actor: Actor, now: datetime) -> None:
        """Nothing more is sold, whatever happens; closed already is well too."""


_subjects: dict[str, Subject] = {}


def register(kind: str, subject: Subject) -> None:
    _subjects[kind] = subject


def subject_of(draw: Draw) -> Subject:
    return _subjects[draw.kind]
