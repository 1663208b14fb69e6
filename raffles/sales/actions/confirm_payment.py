from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales.errors import AmountDiffers, DrawHeld
from raffles.sales.inventory import inventory_of
from raffles.sales.lifecycle import (
    decide_proofs,
    is_drawn,
    latest_proof,
    locked_order,
    move_order,
    require_move,
)
from raffles.sales.models import Actor, Order, Payment, PaymentProof
from raffles.sales.notices import OrderPaid, announce


def confirm_payment(
    *, order_id: int, by: User, amount_minor: int | None, method: str, reference: str, now: datetime
) -> Payment:
    """No amount means that exactly the total came."""
    actor = Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        require_move(order, Order.Status.PAID, actor)
        if amount_minor is not None and amount_minor != order.total_minor:
            raise AmountDiffers(order.total_minor, amount_minor)
        if order.late_since is not None:
            if is_drawn(order, now):
                raise DrawHeld(order.code)
            inventory_of(order).reclaim(order)
        inventory_of(order).sell(order)
        move_order(order, to=Order.Status.PAID, now=now, actor=actor)
        decide_proofs(order, PaymentProof.Status.ACCEPTED, actor=actor, now=now)
        payment = _record(order, by, method, reference, now)
        announce(OrderPaid(order, payment))
        return payment


def _record(order: Order, by: User, method: str, reference: str, now: datetime) -> Payment:
    return Payment.objects.create(
        order=order,
        proof=latest_proof(order, PaymentProof.Status.ACCEPTED),
        amount_minor=order.total_minor,
        currency=order.currency,
        method=method.strip(),
        reference=reference.strip(),
        confirmed_by=by,
        confirmed_at=now,
    )
