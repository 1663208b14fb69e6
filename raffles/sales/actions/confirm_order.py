from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.sales.errors import HoldRanOut
from raffles.sales.lifecycle import expire, is_overdue, locked_order, move_order, new_hold
from raffles.sales.models import Actor, Order


def confirm_order(*, order_id: int, now: datetime) -> Order:
    """The hold starts anew, once: a confirmed order cannot be confirmed again."""
    with transaction.atomic():
        order = locked_order(order_id)
        expires_at = new_hold(order, now)
        ran_out = is_overdue(order, now) or (order.status == Order.Status.DRAFT and expires_at <= now)
        if ran_out:
            expire(order, now)
        else:
            move_order(
                order,
                to=Order.Status.PENDING_PAYMENT,
                now=now,
                actor=Actor.player(),
                expires_at=expires_at,
                confirmed_at=now,
            )
    if ran_out:  # told outside the block above, so that the expiry is kept
        raise HoldRanOut(order.pk, order.code)
    return order
