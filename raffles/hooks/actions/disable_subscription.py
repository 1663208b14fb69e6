from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import trail
from raffles.hooks.models import Subscription
from raffles.hooks.queries import locked_subscription


def disable_subscription(*, subscription_id: int, by: User, now: datetime) -> Subscription:
    """It hears of nothing new; what is on its way waits. Done twice, the first time counts."""
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        if subscription.disabled_at is None:
            subscription.disabled_at, subscription.disabled_why = now, Subscription.Why.STAFF
            subscription.save(update_fields=["disabled_at", "disabled_why"])
            trail.switched(subscription, by=by, now=now)
        return subscription
