"""What nobody looks for any more goes, so that the lists stay quick."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from raffles.hooks.models import Attempt, Delivery, Event, Secret
from raffles.hooks.schedule import KEPT

MOST_AT_ONCE = 1000

Status = Delivery.Status


def tidy(*, now: datetime) -> int:
    """How many deliveries went. Each run takes some; it comes again within the hour."""
    _give_up_what_waits_for_nobody(now)
    old = Delivery.objects.filter(closed_at__lt=now - KEPT).exclude(status=Status.PENDING)
    keys = list(old.order_by("closed_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    Attempt.objects.filter(delivery__in=keys).delete()
    gone, _by_model = Delivery.objects.filter(pk__in=keys).delete()
    _forget_untold_events(now)
    Secret.objects.filter(signs_until__lt=now - KEPT).delete()
    return gone


def _give_up_what_waits_for_nobody(now: datetime) -> None:
    """A receiver that is switched on after months is not flooded with what is long over."""
    forgotten = Delivery.objects.filter(
        status=Status.PENDING, made_at__lt=now - KEPT, subscription__disabled_at__lt=now - KEPT
    )
    keys = list(forgotten.values_list("pk", flat=True)[:MOST_AT_ONCE])
    Delivery.objects.filter(pk__in=keys, status=Status.PENDING).update(
        status=Status.DEAD, error="SwitchedOff", closed_at=now, lease_until=None
    )


def _forget_untold_events(now: datetime) -> None:
    told = Delivery.objects.filter(event=OuterRef("pk"))
    untold = Event.objects.filter(~Exists(told), at__lt=now - KEPT)
    Event.objects.filter(pk__in=list(untold.values_list("pk", flat=True)[:MOST_AT_ONCE])).delete()
