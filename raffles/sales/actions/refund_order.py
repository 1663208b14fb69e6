from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales.inventory import inventory_of
from raffles.sales.lifecycle import locked_order, move_order, required_reason
from raffles.sales.models import Actor, Order, Refund
from raffles.sales.notices import OrderRefunded, announce


def refund_order(*, order_id: int, by: User, reason: str, now: datetime) -> Refund:
    reason = required_reason(reason)
    with transaction.atomic():
        order = locked_order(order_id)
        move_order(order, to=Order.Status.REFUNDED, now=now, actor=Actor.staff(by), reason=reason)
        inventory_of(order).release(order)
        refund = Refund.objects.create(
            order=order,
            amount_minor=order.payment.amount_minor,
            currency=order.payment.currency,
            reason=reason,
            made_by=by,
            made_at=now,
        )
        announce(OrderRefunded(order, refund))
        return refund
