from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import nudges, trail
from raffles.hooks.errors import NotGivenUp, SubscriptionOff
from raffles.hooks.models import Delivery
from raffles.hooks.queries import locked_delivery

Status = Delivery.Status


def replay_delivery(*, delivery_id: int, by: User, now: datetime) -> Delivery:
    """What was given up is sent again, the same bytes under the same id."""
    with transaction.atomic():
        delivery = locked_delivery(delivery_id)
        if delivery.subscription.disabled_at is not None:
            raise SubscriptionOff
        if delivery.status != Status.DEAD:
            raise NotGivenUp(delivery.status)
        delivery.status, delivery.closed_at = Status.PENDING, None
        delivery.tries, delivery.next_try_at = 0, now
        delivery.save(update_fields=["status", "closed_at", "tries", "next_try_at"])
        trail.replayed(delivery, by=by, now=now)
        nudges.wake()
        return delivery
