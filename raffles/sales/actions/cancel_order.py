from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.sales.lifecycle import cancel, locked_order
from raffles.sales.models import Actor, Order


def cancel_order(*, order_id: int, actor: Actor, reason: str, now: datetime) -> Order:
    with transaction.atomic():
        return cancel(locked_order(order_id), actor=actor, reason=reason.strip(), now=now)
