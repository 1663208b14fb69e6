from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from raffles.hooks.errors import DeliveryNotFound, SubscriptionNotFound
from raffles.hooks.models import Delivery, Secret, Subscription


def locked_subscription(subscription_id: int) -> Subscription:
    """For who changes it, or the secrets that belong to it."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("owner")
    found = rows.filter(pk=subscription_id).first()
    if found is None:
        raise SubscriptionNotFound(subscription_id)
    return found


def locked_delivery(delivery_id: int) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("event", "subscription")
    found = rows.filter(pk=delivery_id).first()
    if found is None:
        raise DeliveryNotFound(delivery_id)
    return found


def due(now: datetime) -> Q:
    """May leave now: nobody has it, its receiver is on and not resting, nothing earlier of its object waits.

    Only its own columns and EXISTS: an UPDATE that waited for another worker asks them again.
    """
    nobody_has_it = Q(lease_until=None) | Q(lease_until__lte=now)
    awake = Q(rests_until=None) | Q(rests_until__lte=now)
    is_on = Subscription.objects.filter(awake, pk=OuterRef("subscription_id"), disabled_at=None)
    earlier = Delivery.objects.filter(
        subscription_id=OuterRef("subscription_id"),
        subject=OuterRef("subject"),
        status=Delivery.Status.PENDING,
        pk__lt=OuterRef("pk"),
    )
    is_due = Q(status=Delivery.Status.PENDING, next_try_at__lte=now)
    return is_due & nobody_has_it & Q(Exists(is_on)) & ~Q(Exists(earlier))


def sealed_secrets(subscription_id: int, now: datetime) -> list[str]:
    """The newest first; the ones of before while their time lasts."""
    signing = Secret.objects.filter(Q(signs_until=None) | Q(signs_until__gt=now))
    rows = signing.filter(subscription_id=subscription_id).order_by("-pk")
    return list(rows.values_list("sealed", flat=True))


def next_due_at(now: datetime) -> datetime | None:
    """Of what waits for its time, and of receivers that will have rested."""
    pending = Delivery.objects.filter(status=Delivery.Status.PENDING, subscription__disabled_at=None)
    waiting = pending.filter(next_try_at__gt=now).order_by("next_try_at")
    resting = pending.filter(subscription__rests_until__gt=now).order_by("subscription__rests_until")
    found = (
        waiting.values_list("next_try_at", flat=True).first(),
        resting.values_list("subscription__rests_until", flat=True).first(),
    )
    return min(filter(None, found), default=None)
