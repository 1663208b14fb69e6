from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.sales.errors import MoveNotAllowed
from raffles.sales.lifecycle import locked_order
from raffles.sales.models import Order
from raffles.sales.notices import CancelRequested, announce


def request_cancel(*, order_id: int, now: datetime) -> Order:
    """Money may be on its way, so the player asks and staff decide."""
    with transaction.atomic():
        order = locked_order(order_id)
        if order.status != Order.Status.UNDER_REVIEW:
            raise MoveNotAllowed(order.code, order.status, Order.Status.CANCELLED)
        announce(CancelRequested(order, now))
        return order
