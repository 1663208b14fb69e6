from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import nudges, rules, trail
from raffles.hooks.models import Delivery, Subscription
from raffles.hooks.queries import locked_subscription


def enable_subscription(*, subscription_id: int, by: User, now: datetime) -> Subscription:
    """What waits leaves at once, in its order, with all its tries before it."""
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        if subscription.disabled_at is not None:
            rules.require_room(subscription.owner, subscription.program)
            subscription.disabled_at, subscription.disabled_why = None, ""
            subscription.rests_until = None
            subscription.save(update_fields=["disabled_at", "disabled_why", "rests_until"])
            waiting = subscription.deliveries.filter(status=Delivery.Status.PENDING, lease_until=None)
            waiting.update(tries=0, next_try_at=now)
            trail.switched(subscription, by=by, now=now)
            nudges.wake()
        return subscription
