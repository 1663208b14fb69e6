"""What the business refuses, as data; the door that asked finds the words."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """A rule said no. Nothing was half done: what a refused action had written is undone."""

    def __str__(self) -> str:
        return repr(self)


@dataclass(eq=False)
class OrderNotFound(Refusal):
    order_id: int | str


@dataclass(eq=False)
class PlayerNotFound(Refusal):
    player_id: int


@dataclass(eq=False)
class SamePlayer(Refusal):
    """One and the same row twice."""


@dataclass(eq=False)
class MergedAlready(Refusal):
    """One of the two is no player of its own any more: somebody was faster."""


@dataclass(eq=False)
class BothHaveOpenOrders(Refusal):
    codes: tuple[str, ...]


@dataclass(eq=False)
class MoveNotAllowed(Refusal):
    code: str
    from_status: str
    to_status: str


@dataclass(eq=False)
class OrderMoved(Refusal):
    """Someone was faster: the order is no longer what was read a moment ago."""

    code: str
    expected_status: str


@dataclass(eq=False)
class HoldRanOut(Refusal):
    """Confirmed too late. Unlike other refusals this one leaves a trace: the order is expired now."""

    order_id: int
    code: str


@dataclass(eq=False)
class UnitsGone(Refusal):
    labels: tuple[str, ...]


@dataclass(eq=False)
class DrawHeld(Refusal):
    """Sales are over or the draw was held: what is not held any more cannot be bought."""

    code: str


@dataclass(eq=False)
class ProofUnreadable(Refusal):
    pass


@dataclass(eq=False)
class ProofTooLarge(Refusal):
    limit: int


@dataclass(eq=False)
class ProofKindNotAllowed(Refusal):
    allowed: tuple[str, ...] = ("JPEG", "PNG", "WebP", "PDF")


@dataclass(eq=False)
class TooManyProofs(Refusal):
    limit: int


@dataclass(eq=False)
class AmountNotPositive(Refusal):
    pass


@dataclass(eq=False)
class NothingMissing(Refusal):
    """The money for it is there already: nothing has to arrive, the credit has to be used."""

    code: str


@dataclass(eq=False)
class ReasonNeeded(Refusal):
    """Its receipt was seen with another order: who confirms says why."""

    code: str


@dataclass(eq=False)
class ReferenceUsed(Refusal):
    """One transfer is confirmed once. `code` is the order it was confirmed for, empty when it named none."""

    code: str


@dataclass(eq=False)
class SecondPersonNeeded(Refusal):
    """So much money is confirmed by two people, who both say how much came."""

    code: str
    from_minor: int


@dataclass(eq=False)
class CreditTooSmall(Refusal):
    has_minor: int
    needed_minor: int


@dataclass(eq=False)
class CurrencyUnknown(Refusal):
    currency: str


@dataclass(eq=False)
class RefundNotFound(Refusal):
    refund_id: int


@dataclass(eq=False)
class RefundDecided(Refusal):
    status: str


@dataclass(eq=False)
class EvidenceMissing(Refusal):
    """Money that went out leaves the number of its transfer or a picture of it."""


@dataclass(eq=False)
class ReasonMissing(Refusal):
    pass


class KeptForever(TypeError):
    """Records about money are evidence: code that deletes or rewrites them is wrong, whoever asks."""


class UnitsNotHeld(RuntimeError):
    """An order holds something else than it charges for: a defect, never a player's mistake."""
