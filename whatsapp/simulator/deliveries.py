"""Webhooks on their way: what is told is stored with its fate, claimed by one courier, and settled."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet

from . import faults
from .envelopes import serialise
from .models import WebhookDelivery
from .shapes import Json

GIVE_UP_AFTER = 20
LONGEST_PAUSE = timedelta(minutes=10)
# A courier that was killed leaves its claims to the others after this.
LEASE = timedelta(seconds=60)
# Long enough for what was made next to overtake.
HELD_BACK = timedelta(seconds=0.5)
FLAGS = ("bundle", "duplicate", "duplicate_parallel", "tampered_signature")


def made(payload: Json, *, at: datetime, subject: str, wamid: str = "") -> WebhookDelivery:
    """What will go wrong is decided now, in the order of events, not by whichever courier comes first."""
    later = timedelta(0)
    if (delay := faults.strike("delay", subject, at)) is not None:
        later += timedelta(seconds=delay.get("seconds", 1))
    if faults.strike("reorder", subject, at) is not None:
        later += HELD_BACK
    flags = {name: True for name in FLAGS if faults.strike(name, subject, at) is not None}
    return WebhookDelivery(payload=serialise(payload), not_before=at + later, wamid=wamid, faults=flags)


def claim(now: datetime, most: int) -> list[WebhookDelivery]:
    """No two couriers carry one row, and one that is killed loses none."""
    due = WebhookDelivery.objects.filter(
        delivered_at=None, not_before__lte=now, attempts__lt=GIVE_UP_AFTER
    ).order_by("pk")
    if not due.exists():
        return []
    with transaction.atomic():
        return _taken(due[:most], now)


def claim_these(deliveries: Sequence[WebhookDelivery], now: datetime) -> list[WebhookDelivery]:
    wanted = [delivery.pk for delivery in deliveries]
    with transaction.atomic():
        return _taken(WebhookDelivery.objects.filter(pk__in=wanted, attempts=0).order_by("pk"), now)


def _taken(due: QuerySet[WebhookDelivery], now: datetime) -> list[WebhookDelivery]:
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rows = list(due)
    if rows:
        mine = WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows])
        mine.update(attempts=F("attempts") + 1, not_before=now + LEASE)
    return rows


def give_back(rows: Iterable[WebhookDelivery], now: datetime) -> None:
    untouched = WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows], delivered_at=None)
    untouched.update(attempts=F("attempts") - 1, not_before=now)


def arrived(rows: Iterable[WebhookDelivery], now: datetime) -> None:
    WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        delivered_at=now, last_answer="200"
    )


def refused(row: WebhookDelivery, answer: str, now: datetime) -> None:
    """`attempts` is what it was before this try."""
    pause = min(timedelta(seconds=2**row.attempts), LONGEST_PAUSE)
    WebhookDelivery.objects.filter(pk=row.pk, delivered_at=None).update(
        last_answer=answer[:200], not_before=now + pause
    )
