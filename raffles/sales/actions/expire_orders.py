from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from raffles.sales.lifecycle import expire, is_overdue, locked_order
from raffles.sales.models import Order
from raffles.sales.queries import overdue_order_ids

logger = logging.getLogger(__name__)


def expire_orders(*, now: datetime, limit: int = 500) -> list[Order]:
    expired = (_expire_if_still_overdue(order_id, now) for order_id in overdue_order_ids(now, limit))
    return [order for order in expired if order is not None]


def _expire_if_still_overdue(order_id: int, now: datetime) -> Order | None:
    try:
        with transaction.atomic():
            order = locked_order(order_id)
            return expire(order, now) if is_overdue(order, now) else None
    except Exception:
        # One broken order must not keep the numbers of all the others.
        logger.exception("order %s could not be expired", order_id)
        return None
