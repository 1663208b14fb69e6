from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger
from raffles.sales.inventory import inventory_of
from raffles.sales.lifecycle import locked_order, move_order, required_reason
from raffles.sales.models import Actor, Order, Refund
from raffles.sales.notices import OrderRefunded, announce


def refund_order(*, order_id: int, by: User, reason: str, now: datetime, destination: str = "") -> Refund:
    """The units are free at once; the money is due to be sent back until somebody has done it."""
    reason, actor = required_reason(reason), Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        move_order(order, to=Order.Status.REFUNDED, now=now, actor=actor, reason=reason)
        inventory_of(order).release(order)
        ledger.return_charge(order, actor, now)
        refund = Refund.objects.create(
            player=order.player,
            order=order,
            amount_minor=order.total_minor,
            currency=order.currency,
            reason=reason,
            destination=destination.strip(),
            requested_by=by,
            requested_at=now,
        )
        ledger.take_out(refund, actor, now)
        announce(OrderRefunded(order, refund))
        return refund
