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
    order: Order
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
class OrderCancelled:
    order: Order
    actor: Actor
    reason: str


@dataclass(frozen=True)
class OrderExpired:
    order: Order


@dataclass(frozen=True)
class OrderRefunded:
    order: Order
    refund: Refund


@dataclass(frozen=True)
class CancelRequested:
    order: Order
    at: datetime


Fact: TypeAlias = (
    OrderPaid
    | ProofReceived
    | ProofRejected
    | OrderCancelled
    | OrderExpired
    | OrderRefunded
    | CancelRequested
)


def announce(fact: Fact) -> None:
    for path in settings.RAFFLES_LISTENERS:
        cast(Callable[[Fact], None], import_string(path))(fact)
