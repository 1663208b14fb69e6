from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import override

from raffles.desk.alerts.channels import NotDelivered, channel_of
from raffles.desk.alerts.summary import summary_of
from raffles.desk.models import Digest

logger = logging.getLogger(__name__)

Status = Digest.Status

# A webhook answers within seconds or not at all.
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))
MOST_TRIES = len(PAUSES) + 1


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Tell what is due, each digest by one worker at a time; how many were told."""
    due = list(Digest.objects.filter(_due(clock())).values_list("pk", flat=True))
    return sum(_send(pk, clock()) for pk in due)


def _due(now: datetime) -> Q:
    return Q(status=Status.READY, next_try_at__lte=now) | Q(status=Status.SENDING, lease_until__lte=now)


def send_again(*, digest_ids: list[int], now: datetime) -> int:
    """Staff have mended what was wrong. One that would be the second on its way is left where it is."""
    return sum(_ready_again(pk, now) for pk in digest_ids)


def _ready_again(pk: int, now: datetime) -> int:
    with transaction.atomic():
        digest = Digest.objects.select_for_update().filter(pk=pk, status=Status.FAILED).first()
        on_its_way = [Status.READY, Status.SENDING]
        if digest is None or digest.destination.digests.filter(status__in=on_its_way).exists():
            return 0
        failed = Digest.objects.filter(pk=pk, status=Status.FAILED)
        return failed.update(status=Status.READY, tries=0, next_try_at=now)


def _send(pk: int, now: datetime) -> bool:
    # 1. Claim by the old state. 2. Tell. 3. Settle, if nobody has claimed it meanwhile.
    claimed = Digest.objects.filter(_due(now), pk=pk, tries__lt=MOST_TRIES).update(
        status=Status.SENDING, lease_until=now + LEASE, tries=F("tries") + 1
    )
    if not claimed:
        _give_up(pk, now)
        return False
    digest = Digest.objects.select_related("destination__player").get(pk=pk)
    try:
        _tell(digest, now)
    except NotDelivered as failure:
        _settle(digest, **_failed(digest, failure, now))
        return False
    _settle(digest, status=Status.SENT, sent_at=now, error="")
    return True


def _tell(digest: Digest, now: datetime) -> None:
    """A channel that breaks is one that did not deliver: it fails alone, and not for ever."""
    tell = channel_of(digest.destination)
    try:
        with override(settings.LANGUAGE_CODE):
            tell(digest.destination, summary_of(digest), f"digest:{digest.pk}", now)
    except NotDelivered:
        raise
    except Exception as error:
        logger.exception("an alert for staff could not be made")
        raise NotDelivered(type(error).__name__, is_permanent=False) from None


def _failed(digest: Digest, failure: NotDelivered, now: datetime) -> dict[str, object]:
    if failure.is_permanent or digest.tries >= MOST_TRIES:
        logger.warning("an alert for staff was given up: %s", failure.why)
        return {"status": Status.FAILED, "error": failure.why}
    return {
        "status": Status.READY,
        "error": failure.why,
        "next_try_at": now + PAUSES[digest.tries - 1],
    }


def _settle(digest: Digest, **changes: object) -> None:
    mine = Digest.objects.filter(pk=digest.pk, status=Status.SENDING, tries=digest.tries)
    mine.update(lease_until=None, **changes)


def _give_up(pk: int, now: datetime) -> None:
    """Its workers died each time."""
    Digest.objects.filter(_due(now), pk=pk, tries__gte=MOST_TRIES).update(
        status=Status.FAILED, lease_until=None, error="no worker finished it"
    )
