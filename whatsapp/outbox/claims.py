"""Which messages leave next. Claimed in one transaction behind the lock of the number's row:

1. the first unsent row of each contact that is due and within Meta's pace, oldest first;
2. what is out of date is dropped, what may not be said now waits, both with the reason;
3. the others are SENDING, with a lease, before anything goes over the network.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp import cloud_api, switch, templates
from whatsapp.models import BusinessNumber, OutboundMessage
from whatsapp.outbox import pace

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
UNSENT = (Status.QUEUED, Status.SENDING)
OUT_OF_DATE = "out of date before it could leave"
NO_TEMPLATE = "the 24-hour window is closed and no template is approved"


@dataclass
class Claim:
    rows: list[OutboundMessage] = field(default_factory=list)
    # Rows that were settled without being sent: more may be due behind them.
    settled: int = 0
    # Set where Meta's pace, and nothing else, keeps messages back.
    wait: timedelta | None = None
    failures_in_row: int = 0


def lease() -> timedelta:
    """Longer than a call may take; then a status may still name the message before it is sent again."""
    return timedelta(seconds=cloud_api.CONNECT_SECONDS + cloud_api.read_seconds() + 25)


def due(at: datetime) -> QuerySet[OutboundMessage]:
    """Per contact only the first that has not left: what is being sent holds up what comes after it."""
    earlier = OutboundMessage.objects.filter(
        contact=OuterRef("contact"), status__in=UNSENT, pk__lt=OuterRef("pk")
    )
    rows = OutboundMessage.objects.filter(status=Status.QUEUED).filter(~Exists(earlier))
    return rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=at)).order_by("pk")


def due_count(*, now: datetime) -> int:
    """How many messages could leave right now; for tests, checks and the shell chat."""
    return int(due(now).count())


def claim(at: datetime, room: int) -> Claim:
    """At most `room` rows; the first look needs no lock."""
    if not due(at).exists():
        return Claim()
    with transaction.atomic():
        number = _locked_number()
        wanted = switch.room_for(number, room, at)
        if not wanted:
            return Claim(failures_in_row=number.failures_in_row)
        return _claim_behind_lock(number, wanted, at)


def seconds_to_next(at: datetime) -> float | None:
    """When something may leave: at once, behind a hold, at its next try, or within the pace of one person."""
    queued = OutboundMessage.objects.filter(status=Status.QUEUED)
    number = switch.number()
    if number.paused_at is not None or not queued.exists():
        return None
    if number.held_until is not None and number.held_until > at:
        return (number.held_until - at).total_seconds()
    if pace.within_pair_limit(due(at), at).exists():
        return 0
    first: datetime | None = queued.filter(next_try_at__gt=at).aggregate(first=Min("next_try_at"))["first"]
    steps = [pace.PAIR_STEP.total_seconds()] if due(at).exists() else []
    return min([*steps, *([(first - at).total_seconds()] if first else [])], default=None)


def _locked_number() -> BusinessNumber:
    """The lock lets one worker claim at a time, so that pace and order hold for all of them together."""
    return switch.number(BusinessNumber.objects.select_for_update())


def _claim_behind_lock(number: BusinessNumber, wanted: int, at: datetime) -> Claim:
    units = pace.allowance(number, at)
    if units < 2:  # the dearest message costs two
        return Claim(wait=pace.wait_for_one(number, at), failures_in_row=number.failures_in_row)
    found = Claim(failures_in_row=number.failures_in_row)
    rows = pace.within_pair_limit(due(at), at).select_for_update(of=("self",))
    for row in rows.select_related("contact__player", "answers")[: min(wanted, units)]:
        if units < pace.cost(row):
            break
        if _is_ready(row, at):
            units -= pace.cost(row)
            found.rows.append(row)
        else:
            found.settled += 1
    _mark(number, found.rows, at)
    return found


def _is_ready(row: OutboundMessage, at: datetime) -> bool:
    """A row that cannot be prepared through a defect of ours fails alone: the others are claimed with it."""
    try:
        return _may_leave(row, at)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - its words may hold what the message says
        told = f"could not be prepared: {type(error).__name__}"
        logger.error("message %s %s", row.pk, told)
        transaction.on_commit(lambda: _alert(row, at))
        return _settle(row, status=Status.FAILED, failed_at=at, error=told)


def _alert(row: OutboundMessage, at: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("A message could not be prepared, a defect of this product: look at it and report it.")
    alert_staff(kind="MESSAGE_FAILED", subject=f"unprepared:{row.pk}", text=text, now=at)


def _may_leave(row: OutboundMessage, at: datetime) -> bool:
    if row.not_after is not None and at > row.not_after:
        return _settle(row, status=Status.DROPPED, error=OUT_OF_DATE)
    is_open = row.contact.is_window_open(at)
    wording = None if is_open else templates.content_for(row)
    if wording is None and not is_open:
        return _settle(row, status=Status.WAITING, error=NO_TEMPLATE)
    if row.sent_as != wording:
        row.sent_as = wording
        OutboundMessage.objects.filter(pk=row.pk).update(sent_as=wording)
    return True


def _settle(row: OutboundMessage, **changes: Any) -> bool:
    OutboundMessage.objects.filter(pk=row.pk).update(**changes)
    return False


def _mark(number: BusinessNumber, rows: list[OutboundMessage], at: datetime) -> None:
    if not rows:
        return
    OutboundMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Status.SENDING, lease_until=at + lease(), attempts=F("attempts") + 1
    )
    for row in rows:
        row.attempts += 1
    pace.spend(number, sum(pace.cost(row) for row in rows), at)
    pace.spend_for([row.contact_id for row in rows], at)
