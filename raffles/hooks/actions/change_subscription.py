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
    url: rules.CheckedAddress | None = None,
    description: str | None = None,
    kinds: Collection[str] | None = None,
    by: User,
    now: datetime,
) -> Subscription:
    """None leaves a thing as it is. What is on its way already leaves for the new address."""
    if kinds is not None:
        rules.require_events(kinds)
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        before = trail.fields_of(subscription)
        _change(subscription, url, description, kinds)
        subscription.save(update_fields=["url", "description", "kinds", "rests_until"])
        trail.changed(subscription, before, by=by, now=now)
        return subscription


def _change(
    subscription: Subscription, url: str | None, description: str | None, kinds: Collection[str] | None
) -> None:
    if url is not None and url != subscription.url:
        # That it rests was another receiver's wish.
        subscription.url, subscription.rests_until = url, None
    if description is not None:
        subscription.description = description
    if kinds is not None:
        subscription.kinds = sorted(set(kinds))
