"""Facts for whoever listens. A listener writes rows in the same transaction and does nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from django.conf import settings
from django.utils.module_loading import import_string

from raffles.sales.models import Actor, Order, Payment, PaymentProof, Refund


@dataclass(frozen=True)
class OrderPaid:
    """Without a payment it was paid with credit. What came too much stays as credit."""

    order: Order
    payment: Payment | None
    surplus_minor: int = 0


@dataclass(frozen=True)
class PaymentShort:
    """Too little came: the units stay held and the rest is waited for."""

    order: Order
    payment: Payment
    missing_minor: int


@dataclass(frozen=True)
class MoneyKept:
    """Money came for units that cannot be had any more: it is credit, and the order is over."""

    order: Order
    payment: Payment
    gone: tuple[str, ...]


@dataclass(frozen=True)
class MoneyRecorded:
    """Money came that pays no open order: it is credit."""

    payment: Payment


@dataclass(frozen=True)
class ProofReceived:
    order: Order
    proof: PaymentProof


@dataclass(frozen=True)
class ProofRejected:
    order: Order
    proof: PaymentProof
    reason: str


@dataclass(frozen=True)
class ProofQuestioned:
    """Staff ask the player for more before they decide; the order stays under review."""

    order: Order
    question: str
    at: datetime


@dataclass(frozen=True)
class OrderCancelled:
    order: Order
    actor: Actor
    reason: str
    kept_minor: int = 0


@dataclass(frozen=True)
class OrderExpired:
    """What had been paid of it stays as credit."""

    order: Order
    kept_minor: int = 0


@dataclass(frozen=True)
class OrderRefunded:
    """Its units are free again, and its money is on the list of what staff have to send back."""

    order: Order
    refund: Refund


@dataclass(frozen=True)
class RefundDue:
    """Credit is to be sent back."""

    refund: Refund


@dataclass(frozen=True)
class RefundMade:
    refund: Refund


@dataclass(frozen=True)
class RefundDropped:
    refund: Refund


@dataclass(frozen=True)
class CancelRequested:
    order: Order
    at: datetime


@dataclass(frozen=True)
class PlayersMerged:
    """Told before anything of theirs has moved: whoever has rows of the one hands them over first."""

    keep_id: int
    gone_id: int


Fact: TypeAlias = (
    OrderPaid
    | PaymentShort
    | MoneyKept
    | MoneyRecorded
    | ProofReceived
    | ProofRejected
    | ProofQuestioned
    | OrderCancelled
    | OrderExpired
    | OrderRefunded
    | RefundDue
    | RefundMade
    | RefundDropped
    | CancelRequested
    | PlayersMerged
)


def announce(fact: Fact) -> None:
    for path in settings.RAFFLES_LISTENERS:
        cast(Callable[[Fact], None], import_string(path))(fact)
