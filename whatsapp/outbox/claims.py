"""Which messages leave next. Claimed in one transaction behind the lock of the number's row:

1. the first unsent row of each contact that is due and within Meta's pace, oldest first; before them,
   in a rush, what else waits for those who have just been written to;
2. what is out of date is dropped, what may not be said now waits, both with the reason;
3. the others are SENDING, with a lease, before anything goes over the network.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp import cloud_api, switch, templates
from whatsapp.models import BusinessNumber, Contact, OutboundMessage
from whatsapp.outbox import pace
from whatsapp.outbox.heads import heads

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
OUT_OF_DATE = "out of date before it could leave"
NO_TEMPLATE = "the 24-hour window is closed and no template is approved"
# After the last moment at which a call may end: a status may still name its message.
STATUS_SECONDS = 25


@dataclass
class Claim:
    rows: list[OutboundMessage] = field(default_factory=list)
    # Rows that were settled without being sent: more may be due behind them.
    settled: int = 0
    # Set where Meta's pace, and nothing else, keeps messages back.
    wait: timedelta | None = None
    failures_in_row: int = 0


def lease() -> timedelta:
    """As long as a call may take, and then as a status may, before the message is sent again."""
    return timedelta(seconds=cloud_api.CONNECT_SECONDS + cloud_api.read_seconds() + STATUS_SECONDS)


def claim(at: datetime, room: int, *, first: Collection[int] = ()) -> Claim:
    """At most `room` rows, those of the contacts in `first` before others; the first look needs no lock."""
    if not any(head.is_due(at) for head in heads()):
        return Claim()
    with transaction.atomic():
        number = _locked_number()
        wanted = switch.room_for(number, room, at)
        if not wanted:
            return Claim(failures_in_row=number.failures_in_row)
        return _claim_behind_lock(number, wanted, at, first)


def seconds_to_next(at: datetime) -> float | None:
    """When something may leave: at once, behind a hold, at its next try, or within the pace of one person."""
    number = switch.number()
    if number.paused_at is not None:
        return None
    waits = _waits(at)
    first = next(waits, None)
    if first is None:
        return None
    if number.held_until is not None and number.held_until > at:
        return (number.held_until - at).total_seconds()
    return first if first == 0 else min([first, *waits])


def _waits(at: datetime) -> Iterator[float]:
    """Of each contact's first unsent message; behind one that may leave nothing matters."""
    for head in heads():
        if head.may_leave(at):
            yield 0.0
            return
        if head.is_due(at):
            yield pace.PAIR_STEP.total_seconds()
        elif head.next_try_at is not None:
            yield (head.next_try_at - at).total_seconds()


def _locked_number() -> BusinessNumber:
    """The lock lets one worker claim at a time, so that pace and order hold for all of them together."""
    return switch.number(BusinessNumber.objects.select_for_update())


def _claim_behind_lock(number: BusinessNumber, wanted: int, at: datetime, first: Collection[int]) -> Claim:
    units = pace.allowance(number, at)
    if units < pace.DEAREST:
        return Claim(wait=pace.wait_for_one(number, at), failures_in_row=number.failures_in_row)
    found = Claim(failures_in_row=number.failures_in_row)
    for row in _next_rows(min(wanted, units), at, first):
        if units < pace.cost(row):
            break
        if _is_ready(row, at):
            units -= pace.cost(row)
            found.rows.append(row)
        else:
            found.settled += 1
    _mark(number, found.rows, at)
    return found


def _next_rows(count: int, at: datetime, first: Collection[int]) -> list[OutboundMessage]:
    """Asked for again by their status: one may have been settled since it was looked at."""
    found = list(islice((head.pk for head in heads(first) if head.may_leave(at)), count))
    rows = OutboundMessage.objects.filter(pk__in=found, status=Status.QUEUED).order_by("pk")
    locked = rows.select_for_update(of=("self",)).select_related("contact__player", "answers")
    return sorted(locked, key=lambda row: found.index(row.pk))


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
    if wording is None and not is_open and not _has_opened(row, at):
        return _settle(row, status=Status.WAITING, error=NO_TEMPLATE)
    if row.sent_as != wording:
        row.sent_as = wording
        OutboundMessage.objects.filter(pk=row.pk).update(sent_as=wording)
    return True


def _has_opened(row: OutboundMessage, at: datetime) -> bool:
    """Once more, behind the contact's lock: a turn that opens the window now does not see this row wait.

    Such a turn holds that lock until its end, and asks for none that is held here.
    """
    return Contact.objects.select_for_update().get(pk=row.contact_id).is_window_open(at)


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
    switch.note_look(number, until=at + lease())
    pace.spend(number, sum(pace.cost(row) for row in rows), at)
    pace.spend_for([row.contact_id for row in rows], at)
