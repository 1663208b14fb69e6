"""What of the webhooks goes into the audit log: hosts and not addresses, which may hold a key."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.hooks.models import Delivery, Subscription


def fields_of(subscription: Subscription) -> dict[str, Any]:
    return {
        "host": urlsplit(subscription.url).hostname or "",
        "description": subscription.description,
        "events": sorted(subscription.kinds),
        **({"program": subscription.program} if subscription.program else {}),
    }


def made(subscription: Subscription) -> None:
    record(
        Deed.WEBHOOK_ADDED,
        subject=subscription,
        user=subscription.owner,
        after=fields_of(subscription),
        now=subscription.created_at,
    )


def tested(delivery: Delivery, *, by: User, now: datetime) -> None:
    after = {"webhook": str(delivery.subscription)}
    label = delivery.event.public_id
    record(Deed.WEBHOOK_TESTED, subject=delivery, label=label, user=by, after=after, now=now)


def replayed_all(
    subscription: Subscription, count: int, *, since: datetime | None, by: User, now: datetime
) -> None:
    after = {"deliveries": count, "since": since}
    record(Deed.WEBHOOK_REPLAYED, subject=subscription, user=by, after=after, now=now)


def changed(subscription: Subscription, before: dict[str, Any], *, by: User, now: datetime) -> None:
    record(
        Deed.WEBHOOK_CHANGED,
        subject=subscription,
        user=by,
        before=before,
        after=fields_of(subscription),
        now=now,
    )


def secret_renewed(subscription: Subscription, *, old_until: datetime, by: User, now: datetime) -> None:
    after = {"old_secret_until": old_until}
    record(Deed.WEBHOOK_SECRET_RENEWED, subject=subscription, user=by, after=after, now=now)


def switched(subscription: Subscription, *, by: User | None, now: datetime) -> None:
    """Without a user it was the worker, which met a receiver that is gone or answers no more."""
    record(
        Deed.WEBHOOK_SWITCHED,
        subject=subscription,
        user=by,
        actor="" if by else "clock",
        after={"on": subscription.disabled_at is None, "why": subscription.disabled_why},
        now=now,
    )


def replayed(delivery: Delivery, *, by: User, now: datetime) -> None:
    record(
        Deed.WEBHOOK_REPLAYED,
        subject=delivery,
        label=delivery.event.public_id,
        user=by,
        after={"webhook": str(delivery.subscription), "event": delivery.event.kind},
        now=now,
    )
