"""What nobody looks for any more goes, so that the lists stay quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from raffles.hooks.models import Attempt, Delivery, Event, Secret
from raffles.hooks.schedule import KEPT

MOST_AT_ONCE = 1000
# A hundred thousand rows an hour, which is more than eight threads send; each batch is a transaction.
MOST_BATCHES = 100

Status = Delivery.Status


def tidy(*, now: datetime) -> int:
    """How many deliveries went. What is left after so many batches goes within the next hour."""
    _in_batches(_give_up_what_waits_for_nobody, now)
    gone = _in_batches(_forget_deliveries, now)
    _in_batches(_forget_untold_events, now)
    Secret.objects.filter(signs_until__lt=now - KEPT).delete()
    return gone


def _in_batches(take: Callable[[datetime], int], now: datetime) -> int:
    count = 0
    for _batch in range(MOST_BATCHES):
        taken = take(now)
        count += taken
        if taken < MOST_AT_ONCE:
            break
    return count


def _forget_deliveries(now: datetime) -> int:
    old = Delivery.objects.filter(closed_at__lt=now - KEPT).exclude(status=Status.PENDING)
    keys = list(old.order_by("closed_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    with transaction.atomic():
        Attempt.objects.filter(delivery__in=keys).delete()
        gone, _by_model = Delivery.objects.filter(pk__in=keys).delete()
    return gone


def _give_up_what_waits_for_nobody(now: datetime) -> int:
    """A receiver that is switched on after months is not flooded with what is long over."""
    forgotten = Delivery.objects.filter(
        status=Status.PENDING, made_at__lt=now - KEPT, subscription__disabled_at__lt=now - KEPT
    )
    keys = list(forgotten.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return Delivery.objects.filter(pk__in=keys, status=Status.PENDING).update(
        status=Status.DEAD, error="SwitchedOff", closed_at=now, lease_until=None
    )


def _forget_untold_events(now: datetime) -> int:
    told = Delivery.objects.filter(event=OuterRef("pk"))
    untold = Event.objects.filter(~Exists(told), at__lt=now - KEPT)
    keys = list(untold.values_list("pk", flat=True)[:MOST_AT_ONCE])
    gone, _by_model = Event.objects.filter(pk__in=keys).delete()
    return gone
