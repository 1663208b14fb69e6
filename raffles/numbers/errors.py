from __future__ import annotations

from dataclasses import dataclass

from raffles.sales.errors import Refusal


@dataclass(eq=False)
class RaffleNotFound(Refusal):
    raffle_id: int


@dataclass(eq=False)
class RaffleMoveNotAllowed(Refusal):
    code: str
    from_status: str
    to_status: str


@dataclass(eq=False)
class RaffleHasOrders(Refusal):
    """Cancelled ones too: what players were told stays readable."""

    code: str


@dataclass(eq=False)
class RafflePublished(Refusal):
    """It was opened or closed once, or the rule of its draw is public."""

    code: str


@dataclass(eq=False)
class SalesClosed(Refusal):
    code: str


@dataclass(eq=False)
class NumbersTaken(Refusal):
    numbers: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(eq=False)
class NotEnoughNumbers(Refusal):
    left: int


@dataclass(eq=False)
class OutsideRange(Refusal):
    labels: tuple[str, ...]


@dataclass(eq=False)
class TooManyPerOrder(Refusal):
    limit: int


@dataclass(eq=False)
class TooFewPerOrder(Refusal):
    limit: int


@dataclass(eq=False)
class TooManyPerPlayer(Refusal):
    limit: int
    has: int


@dataclass(eq=False)
class PriceDiffers(Refusal):
    """What was paid on paper is not what the numbers cost now."""

    paid_minor: int
    costs_minor: int


@dataclass(eq=False)
class TogetherTooMany(Refusal):
    """Two players who are one have more than one may, and not all of it is paid."""

    title: str
    limit: int
    has: int
