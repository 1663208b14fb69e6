"""The numbers of a raffle, a hundred at a time: what a phone can show and a line can carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404

from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import Availability, availability, live_tickets

PAGE = 100
LONGEST = 9
FREE, HELD, SOLD = ".", "h", "s"
SIGNS = {Ticket.Status.RESERVED.value: HELD, Ticket.Status.SOLD.value: SOLD}


@dataclass(frozen=True)
class Cell:
    label: str
    sign: str


@dataclass(frozen=True)
class Board:
    """`signs` holds one letter for each number from `first` to `last`."""

    raffle: Raffle
    first: int
    last: int
    signs: str
    stock: Availability

    @property
    def cells(self) -> Iterator[Cell]:
        for number, sign in enumerate(self.signs, self.first):
            yield Cell(self.raffle.label(number), sign)

    @property
    def range(self) -> str:
        return f"{self.raffle.label(self.first)}–{self.raffle.label(self.last)}"

    @property
    def previous(self) -> int | None:
        return self.first - PAGE if self.first > self.raffle.first_number else None

    @property
    def following(self) -> int | None:
        return self.last + 1 if self.last < self.raffle.last_number else None

    @property
    def taken_share(self) -> int:
        return share(self.stock.sold + self.stock.reserved, self.stock.size)

    def compact(self, now: datetime) -> dict[str, Any]:
        stock = self.stock
        return {
            "first": self.first,
            "signs": self.signs,
            "free": stock.free,
            "held": stock.reserved,
            "sold": stock.sold,
            "open": self.raffle.is_on_sale(now),
        }


def board_of(raffle: Raffle, number: int) -> Board:
    """The page on which `number` stands. Two small queries, however many numbers there are."""
    first = number - (number - raffle.first_number) % PAGE
    last = min(first + PAGE - 1, raffle.last_number)
    signs = [FREE] * (last - first + 1)
    claims = live_tickets(raffle).filter(number__range=(first, last))
    for at, status in claims.values_list("number", "status"):
        signs[at - first] = SIGNS[status]
    return Board(raffle, first, last, "".join(signs), availability(raffle))


def asked_number(raffle: Raffle, raw: str) -> int:
    """Nothing asked for is the first. Raises BadRequest or Http404, and says why."""
    text = raw.strip()
    if not text:
        return raffle.first_number
    if not (text.isascii() and text.isdigit()):
        raise BadRequest("number")
    if len(text) > LONGEST or not raffle.first_number <= int(text) <= raffle.last_number:
        raise Http404("number")
    return int(text)


def share(part: int, whole: int) -> int:
    """In hundredths; all and nothing are said only where they are true."""
    return 0 if part == 0 else max(1, part * 100 // whole)
