from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from raffles.sales.errors import Refusal


@dataclass(eq=False)
class DrawNotFound(Refusal):
    code: int | str


@dataclass(eq=False)
class DrawMoveNotAllowed(Refusal):
    """The draw is further on, or not far enough."""

    code: str
    status: str


@dataclass(eq=False)
class PrizesMissing(Refusal):
    code: str


@dataclass(eq=False)
class RuleUnfair(Refusal):
    """Ranges of numbers: `never` could not win, `likelier` would win more often than others."""

    code: str
    never: tuple[tuple[int, int], ...]
    likelier: tuple[tuple[int, int], ...]


@dataclass(eq=False)
class RuleIncomplete(Refusal):
    """`field` of the plan is missing or wrong for the method."""

    code: str
    field: str


@dataclass(eq=False)
class DrawTooSoon(Refusal):
    """The instant of the draw, or of the end of sales, is over when the rule is to be published."""

    code: str


@dataclass(eq=False)
class RuleOnlyLater(Refusal):
    """A published draw can be put off, not brought forward."""

    code: str


@dataclass(eq=False)
class RuleUnchanged(Refusal):
    code: str


@dataclass(eq=False)
class DrawingNotNamed(Refusal):
    """An official lottery is put off to another of its drawings, which must be named."""

    code: str


@dataclass(eq=False)
class LotteryOver(Refusal):
    """The lottery was drawn while the entries were not frozen: its results are known and cannot decide."""

    code: str
    at: datetime


@dataclass(eq=False)
class TermsDiffer(Refusal):
    """What is on sale or drawn is not what the published rule says; somebody wrote past the product."""

    code: str
    fields: tuple[str, ...]


@dataclass(eq=False)
class OrdersUndecided(Refusal):
    code: str
    orders: tuple[str, ...]


@dataclass(eq=False)
class NotUndecided(Refusal):
    """Only an order that waits to be decided can be excluded."""

    order: str


@dataclass(eq=False)
class SalesNotOver(Refusal):
    code: str
    until: datetime


@dataclass(eq=False)
class DrawNotDue(Refusal):
    code: str
    at: datetime


@dataclass(eq=False)
class EntriesFrozen(Refusal):
    """Sold numbers are frozen for the draw: refunds wait until it was held."""

    code: str


@dataclass(eq=False)
class EntriesChanged(Refusal):
    """What was frozen is not what is there: named by number. The draw is stopped."""

    code: str
    numbers: tuple[int, ...]


@dataclass(eq=False)
class RecordChanged(Refusal):
    """`what` was published and reads otherwise now: the rule, the entries, the root, the secret."""

    code: str
    what: str


@dataclass(eq=False)
class RandomnessMissing(Refusal):
    """`what` is still awaited: the beacon, the secret, the results."""

    code: str
    what: str


@dataclass(eq=False)
class SecretLost(Refusal):
    code: str


@dataclass(eq=False)
class BeaconRefused(Refusal):
    """`why`: unreadable, the wrong round, not signed by the chain."""

    code: str
    why: str


@dataclass(eq=False)
class FallbackNotDue(Refusal):
    code: str
    at: datetime | None


@dataclass(eq=False)
class BeaconNotAsked(Refusal):
    """No source was asked for the round since the fallback became due: the sweep does it first."""

    code: str


@dataclass(eq=False)
class ResultsRefused(Refusal):
    """`why`: how many, digits, not sold, twice; `values` are the wrong ones."""

    code: str
    why: str
    values: tuple[str, ...] = ()


@dataclass(eq=False)
class WitnessesMissing(Refusal):
    code: str


@dataclass(eq=False)
class AwardNotFound(Refusal):
    award_id: int


@dataclass(eq=False)
class AwardDecided(Refusal):
    status: str


@dataclass(eq=False)
class AwardUnpaid(Refusal):
    """The number won and its order is not paid any more: the prize is to be passed on."""

    order: str


@dataclass(eq=False)
class NothingWon(Refusal):
    """This player has no prize of this draw."""

    code: str


@dataclass(eq=False)
class NameMissing(Refusal):
    """What is to be shown of a winner is empty, too long, a phone number or an address."""


@dataclass(eq=False)
class TotalsDiffer(Refusal):
    """No minutes while the books differ: `expected` by the orders, `found` by the tickets."""

    code: str
    expected_minor: int
    found_minor: int


@dataclass(eq=False)
class NotAnEntry(Refusal):
    number: int
