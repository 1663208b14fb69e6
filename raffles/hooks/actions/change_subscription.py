from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import rules, trail
from raffles.hooks.models import Subscription
from raffles.hooks.queries import locked_subscription


def change_subscription(
    *,
    subscription_id: int,
    url: str,
    description: str,
    kinds: Collection[str],
    by: User,
    now: datetime,
) -> Subscription:
    """What is on its way already leaves for the new address."""
    rules.require_events(kinds)
    rules.require_address(url)
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        before = trail.fields_of(subscription)
        if url != subscription.url:
            subscription.rests_until = None  # that was another receiver
        subscription.url, subscription.description = url, description
        subscription.kinds = sorted(kinds)
        subscription.save(update_fields=["url", "description", "kinds", "rests_until"])
        trail.changed(subscription, before, by=by, now=now)
        return subscription
