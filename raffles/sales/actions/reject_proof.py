from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales.errors import MoveNotAllowed
from raffles.sales.lifecycle import (
    cancel,
    decide_proofs,
    held_again,
    is_drawn,
    latest_proof,
    locked_order,
    move_order,
    new_hold,
    required_reason,
)
from raffles.sales.models import Actor, Order, PaymentProof
from raffles.sales.notices import ProofRejected, announce

Status = Order.Status


def reject_proof(*, order_id: int, by: User, reason: str, now: datetime) -> Order:
    """All proofs that wait are rejected together: staff looked at the order, not at one file of it.

    Once the draw was held nobody waits for better ones, which only winners would send.
    """
    reason, actor = required_reason(reason), Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        if order.status != Status.UNDER_REVIEW:
            raise MoveNotAllowed(order.code, order.status, Status.PENDING_PAYMENT)
        if is_drawn(order, now) or (order.late_since is not None and not held_again(order, now)):
            return cancel(order, actor=actor, reason=reason, now=now)
        return _wait_for_payment_again(order, actor, reason, now)


def _wait_for_payment_again(order: Order, actor: Actor, reason: str, now: datetime) -> Order:
    decide_proofs(order, PaymentProof.Status.REJECTED, actor=actor, now=now, reason=reason)
    proof = latest_proof(order, PaymentProof.Status.REJECTED)
    move_order(
        order,
        to=Status.PENDING_PAYMENT,
        now=now,
        actor=actor,
        reason=reason,
        expires_at=new_hold(order, now),
    )
    if proof is not None:
        announce(ProofRejected(order, proof, reason))
    return order
