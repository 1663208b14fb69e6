"""What must hold for webhooks, in words for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from raffles.hooks.errors import SecretUnreadable
from raffles.hooks.models import Delivery, Secret, Subscription
from raffles.hooks.queries import due
from raffles.hooks.schedule import KEPT
from raffles.hooks.sealing import opened

WORKER_MAY_LAG = timedelta(minutes=10)
# Tidying runs every hour and takes some of it; what lies there for days nobody takes.
TIDYING_MAY_LAG = timedelta(days=2)
NEWS = timedelta(days=7)
Status = Delivery.Status


def violations(now: datetime) -> list[str]:
    sending = (*_stuck(now), *_overdue(now), *_given_up(now), *_stopped())
    return [*sending, *_unsigned(), *_sealed_otherwise(now), *_old(now)]


def _stuck(now: datetime) -> Iterator[str]:
    """A worker that died in a call; any other takes the delivery once the lease is over."""
    stuck = Delivery.objects.filter(
        status=Status.PENDING, lease_until__lt=now - WORKER_MAY_LAG, subscription__disabled_at=None
    )
    if count := stuck.count():
        yield f"{count} webhook deliveries are held by a worker that is gone: start the worker."


def _overdue(now: datetime) -> Iterator[str]:
    """Due for long, and no try of it: what has just been let go by the one before it is not meant."""
    late = now - WORKER_MAY_LAG
    just_closed = Delivery.objects.filter(
        subscription=OuterRef("subscription"), subject=OuterRef("subject"), closed_at__gte=late
    )
    awake = Q(subscription__rests_until=None) | Q(subscription__rests_until__lt=late)
    overdue = Delivery.objects.filter(due(now), awake, next_try_at__lt=late, lease_until=None)
    if count := overdue.filter(~Exists(just_closed)).count():
        yield f"{count} webhook deliveries have been due for more than ten minutes: start the worker."


def _given_up(now: datetime) -> Iterator[str]:
    """Of the last week: what is older somebody has seen and left."""
    dead = Delivery.objects.filter(status=Status.DEAD, closed_at__gt=now - NEWS)
    for name, count in _by_webhook(dead.filter(subscription__disabled_at=None)):
        yield (
            f"Webhook {name}: {count} deliveries were given up. When its receiver answers again, send them "
            "again from the list of deliveries; if nobody needs it any more, switch it off."
        )


def _stopped() -> Iterator[str]:
    """By itself; what one waits for that a person switched off, that person knows."""
    waiting = Delivery.objects.filter(status=Status.PENDING)
    why = (Subscription.Why.GONE, Subscription.Why.FAILING)
    for name, count in _by_webhook(waiting.filter(subscription__disabled_why__in=why)):
        yield (
            f"Webhook {name} stopped because its receiver failed, and {count} deliveries wait: ask whoever "
            "runs it, then switch it on. After thirty days they are given up."
        )


def _by_webhook(deliveries: QuerySet[Delivery]) -> Iterator[tuple[str, int]]:
    counts = deliveries.values("subscription_id", "subscription__description").annotate(count=Count("pk"))
    for row in counts.order_by("subscription_id")[:20]:
        yield row["subscription__description"] or f"#{row['subscription_id']}", row["count"]


def _unsigned() -> Iterator[str]:
    current = Secret.objects.filter(subscription=OuterRef("pk"), signs_until=None)
    for webhook in Subscription.objects.filter(~Exists(current), disabled_at=None).order_by("pk")[:20]:
        yield f"Webhook {webhook} has no secret that signs: renew it and give it to its receiver."


def _sealed_otherwise(now: datetime) -> Iterator[str]:
    """After a change of SECRET_KEY."""
    signing = Secret.objects.filter(Q(signs_until=None) | Q(signs_until__gt=now))
    rows = signing.filter(subscription__disabled_at=None).select_related("subscription").order_by("pk")
    for webhook in {row.subscription: None for row in rows if not _opens(row.sealed)}:
        yield (
            f"The secret of webhook {webhook} was sealed with another SECRET_KEY, so nothing leaves: put the "
            "old key back, or renew the secret with no overlap and give it to its receiver."
        )


def _opens(sealed: str) -> bool:
    try:
        opened(sealed)
    except SecretUnreadable:
        return False
    return True


def _old(now: datetime) -> Iterator[str]:
    """The secrets among it were good once, and whoever copies the database has them with its key."""
    long_ago = now - KEPT - TIDYING_MAY_LAG
    if count := Secret.objects.filter(signs_until__lt=long_ago).count():
        yield f"{count} secrets of webhooks are there long after their overlap: start the worker."
    closed = Delivery.objects.filter(closed_at__lt=long_ago)
    if count := closed.count():
        yield f"{count} webhook deliveries are there after thirty days: start the worker."
