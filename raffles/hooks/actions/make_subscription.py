from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import rules, trail
from raffles.hooks.issuing import Issued, issue_secret
from raffles.hooks.models import Subscription


def make_subscription(
    *,
    owner: User,
    program: str = "",
    url: rules.CheckedAddress,
    description: str,
    kinds: Collection[str],
    now: datetime,
) -> Issued:
    """`program` names the one that hears, if it is not its owner. `rules.require_address` gives the `url`."""
    rules.require_room(owner, program)
    rules.require_events(kinds)
    with transaction.atomic():
        subscription = Subscription.objects.create(
            owner=owner,
            program=program,
            url=url,
            description=description,
            kinds=sorted(set(kinds)),
            created_at=now,
        )
        trail.made(subscription)
        return issue_secret(subscription, now)
