from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from raffles.desk.alerts.channels import is_silent
from raffles.desk.models import Destination, Digest, DigestLine, StaffNotification

# News of before is told by the bell only; so no look at the rows goes back further than this.
REACH = timedelta(days=3)
MOST_LINES = 500

ON_ITS_WAY = (Digest.Status.READY, Digest.Status.SENDING)


def gather(*, now: datetime) -> list[Digest]:
    """A digest for each destination whose countdown is over."""
    listening = [one for one in Destination.objects.filter(is_active=True) if not is_silent(one)]
    made = [_gather(destination, now) for destination in listening]
    return [digest for digest in made if digest is not None]


def untold(destination: Destination, now: datetime) -> QuerySet[StaffNotification]:
    """By their absence from the lines and not by a mark of the last: what is committed late is not missed."""
    told = DigestLine.objects.filter(destination=destination, notification=OuterRef("pk"))
    since = max(destination.since, now - REACH)
    news = StaffNotification.objects.filter(_heard(destination), created_at__gte=since)
    return news.filter(~Exists(told)).order_by("created_at", "pk")


def _heard(destination: Destination) -> Q:
    later = {kind: datetime.fromisoformat(at) for kind, at in destination.kinds_since.items()}
    heard = Q(kind__in=[kind for kind in destination.kinds if kind not in later])
    for kind, at in later.items():
        heard |= Q(kind=kind, created_at__gte=at)
    return heard


def countdown() -> timedelta:
    return timedelta(seconds=settings.STAFF_DIGEST_SECONDS)


def _gather(destination: Destination, now: datetime) -> Digest | None:
    notes = list(untold(destination, now)[:MOST_LINES])
    if not notes or notes[0].created_at > now - countdown():
        return None
    if Digest.objects.filter(destination=destination, status__in=ON_ITS_WAY).exists():
        return None
    try:
        return _write(destination, notes, now)
    except IntegrityError:
        return None  # another worker collected the same at the same time


@transaction.atomic
def _write(destination: Destination, notes: list[StaffNotification], now: datetime) -> Digest:
    digest = Digest.objects.create(destination=destination, made_at=now, next_try_at=now)
    DigestLine.objects.bulk_create(
        DigestLine(destination=destination, digest=digest, notification=note) for note in notes
    )
    return digest
