from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import rules, trail
from raffles.hooks.issuing import Issued, issue_secret
from raffles.hooks.models import Subscription


def make_subscription(
    *, owner: User, url: str, description: str, kinds: Collection[str], now: datetime
) -> Issued:
    rules.require_room(owner)
    rules.require_events(kinds)
    rules.require_address(url)
    with transaction.atomic():
        subscription = Subscription.objects.create(
            owner=owner, url=url, description=description, kinds=sorted(kinds), created_at=now
        )
        trail.made(subscription)
        return issue_secret(subscription, now)
