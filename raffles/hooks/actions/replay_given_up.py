from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import nudges, trail
from raffles.hooks.errors import SubscriptionOff
from raffles.hooks.models import Delivery
from raffles.hooks.queries import locked_subscription

Status = Delivery.Status


def replay_given_up(*, subscription_id: int, since: datetime | None = None, by: User, now: datetime) -> int:
    """Everything that was given up, or what of it was made since then, in its order; how many leave again."""
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        if subscription.disabled_at is not None:
            raise SubscriptionOff
        dead = subscription.deliveries.filter(status=Status.DEAD)
        if since is not None:
            dead = dead.filter(made_at__gte=since)
        count = dead.update(status=Status.PENDING, closed_at=None, tries=0, next_try_at=now)
        if count:
            trail.replayed_all(subscription, count, since=since, by=by, now=now)
            nudges.wake()
        return count
