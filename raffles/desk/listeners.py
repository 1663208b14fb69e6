from __future__ import annotations

from datetime import datetime
from typing import assert_never

from raffles.desk.models import StaffNotification
from raffles.sales.models import Order
from raffles.sales.notices import (
    CancelRequested,
    Fact,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    ProofReceived,
    ProofRejected,
)

Kind = StaffNotification.Kind


def hear(fact: Fact) -> None:
    match fact:
        case ProofReceived(order, proof):
            kind = Kind.LATE_PROOF if order.late_since else Kind.PROOF_RECEIVED
            _notify(kind, order, f"proof:{proof.pk}", proof.received_at)
        case CancelRequested(order, at):
            _notify_again(Kind.CANCEL_REQUESTED, order, at)
        case OrderPaid() | ProofRejected() | OrderCancelled() | OrderExpired() | OrderRefunded():
            pass  # staff or the clock did it, or it asks nothing of staff
        case _:
            assert_never(fact)


def _notify(kind: Kind, order: Order, subject: str, at: datetime) -> None:
    """Heard twice, also after somebody has looked, it is one."""
    if StaffNotification.objects.filter(kind=kind, subject=subject).exists():
        return
    note = StaffNotification(kind=kind, player=order.player, order=order, subject=subject, created_at=at)
    StaffNotification.objects.bulk_create([note], ignore_conflicts=True)


def _notify_again(kind: Kind, order: Order, at: datetime) -> None:
    """Asked again before anybody has looked, it stays one; afterwards it is news."""
    if not StaffNotification.objects.filter(kind=kind, order=order, seen_at=None).exists():
        _notify(kind, order, f"order:{order.pk}:{at.timestamp():.0f}", at)
