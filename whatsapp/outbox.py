"""Messages leave here. Row first, nudge on commit, sweep for the lost.

1. `queue` writes a row in the transaction of what it tells.
2. `flush` claims the first unsent row of each contact (QUEUED -> SENDING, with a lease) by compare-and-set.
3. It sends outside every transaction and settles: SENT, QUEUED again with a delay, WAITING or FAILED.
4. An unknown outcome stays SENDING until a status names it by our callback mark, or the lease runs out.
5. `note_status` raises SENT to DELIVERED and READ; never back.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from huey.contrib.djhuey import db_task

from whatsapp import cloud_api
from whatsapp.cloud_api import CloudApiError, OutcomeUnknown
from whatsapp.contacts import recipient_of
from whatsapp.messages import Bubble, meta_content
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.payloads import instant

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
UNSENT = (Status.QUEUED, Status.SENDING)
# A flush ends after FLUSH_SECONDS, and one message may then still take two calls of 35 seconds each.
FLUSH_SECONDS = 30
LEASE = timedelta(seconds=180)
BACK_OFF_SECONDS = (2, 8, 30, 120, 600)
MAX_ATTEMPTS = 12
RANK = {
    Status.QUEUED: 0,
    Status.WAITING: 0,
    Status.SENDING: 0,
    Status.SENT: 1,
    Status.DELIVERED: 2,
    Status.READ: 3,
}
REPORTED = {"sent": Status.SENT, "delivered": Status.DELIVERED, "read": Status.READ, "played": Status.READ}
CALLBACK = re.compile(r"outbox:(\d{1,18})\Z")


def queue(
    contact: Contact,
    bubble: Bubble,
    *,
    dedupe_key: str,
    now: datetime,
    not_after: datetime | None = None,
    answers: InboundEvent | None = None,
) -> None:
    """Write the message down; a second one with the same key is not written."""
    row = OutboundMessage(
        contact=contact,
        dedupe_key=dedupe_key,
        content=meta_content(bubble),
        created_at=now,
        not_after=not_after,
        answers=answers,
    )
    OutboundMessage.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(wake)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def flush_outbox() -> None:
    flush(now=timezone.now())


def wake() -> None:
    """Nudge a worker. A lost nudge costs a minute at most: the sweep looks for what is due."""
    try:
        flush_outbox()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the messages")


def flush(*, now: datetime, limit: int = 500) -> int:
    """Send what is due, oldest first, one after another for each contact. Returns how many were tried."""
    assert_outside_transaction()
    tried, stop = 0, time.monotonic() + FLUSH_SECONDS
    while tried < limit:
        if time.monotonic() > stop:
            wake()  # `now` has aged: leases, windows and deadlines want a fresh one
            break
        row = _claim_next(now)
        if row is None:
            break
        _send_alone(row, now)
        tried += 1
    return tried


def _send_alone(row: OutboundMessage, now: datetime) -> None:
    """A row that cannot be sent through a defect of ours keeps its lease; those behind it are not held up."""
    try:
        _send(row, now)
    except Exception as error:  # noqa: BLE001 - its words may hold what the message says
        logger.error("message %s could not be sent: %s", row.pk, type(error).__name__)


def release_expired_leases(*, now: datetime) -> int:
    """A sender that died, or an answer that never came: no status named the message meanwhile, so send again.

    Accepted: where Meta took the message and its statuses are late, the player reads it twice. What came to
    nothing too often is given up, or it would be sent again every minute for ever.
    """
    expired = OutboundMessage.objects.filter(status=Status.SENDING, lease_until__lt=now)
    expired.filter(attempts__gte=MAX_ATTEMPTS).update(status=Status.FAILED, failed_at=now, lease_until=None)
    return expired.update(status=Status.QUEUED, lease_until=None, next_try_at=None)


def _due(now: datetime) -> Any:
    earlier = OutboundMessage.objects.filter(
        contact=OuterRef("contact"), status__in=UNSENT, pk__lt=OuterRef("pk")
    )
    rows = OutboundMessage.objects.filter(status=Status.QUEUED).filter(~Exists(earlier))
    return rows.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).order_by("pk")


def _claim_next(now: datetime) -> OutboundMessage | None:
    """0 rows changed means that another worker was faster: look again."""
    for pk in _due(now).values_list("pk", flat=True)[:20]:
        claimed = OutboundMessage.objects.filter(pk=pk, status=Status.QUEUED).update(
            status=Status.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if claimed:
            return OutboundMessage.objects.select_related("contact", "answers").get(pk=pk)
    return None


def _send(row: OutboundMessage, now: datetime) -> None:
    if row.not_after is not None and now > row.not_after:
        return _settle(row, status=Status.DROPPED, lease_until=None)
    if not row.contact.is_window_open(now):
        return _settle(row, status=Status.WAITING, lease_until=None)
    assert_outside_transaction()
    _mark_read(row)
    try:
        wamid = cloud_api.send(row.content, recipient=recipient_of(row.contact), callback=f"outbox:{row.pk}")
    except OutcomeUnknown as error:
        OutboundMessage.objects.filter(pk=row.pk).update(error=f"no answer: {error}"[:255])
        return None
    except CloudApiError as error:
        return _settle_refusal(row, error, now)
    return _settle_sent(row, wamid, now)


def assert_outside_transaction() -> None:
    """A network call inside a transaction would hold its locks for as long as Meta likes."""
    if connection.in_atomic_block:
        raise RuntimeError("a message may not be sent inside a transaction")


def _mark_read(row: OutboundMessage) -> None:
    """Best effort: blue ticks must never stand in the way of the reply."""
    message = row.answers.payload.get("message", {}) if row.answers and row.attempts == 1 else {}
    wamid = message.get("id")
    if not wamid:
        return
    try:
        cloud_api.mark_read(wamid)
    except (CloudApiError, OutcomeUnknown):
        logger.info("message %s could not be marked as read", row.answers_id)


def _settle(row: OutboundMessage, **changes: Any) -> None:
    OutboundMessage.objects.filter(pk=row.pk, status=Status.SENDING).update(**changes)


def _settle_sent(row: OutboundMessage, wamid: str, now: datetime) -> None:
    """A status may have come before this answer: then only the id is new."""
    _settle(row, status=Status.SENT, sent_at=now, lease_until=None, error="")
    OutboundMessage.objects.filter(pk=row.pk, wamid=None).update(wamid=wamid)


def _settle_refusal(row: OutboundMessage, error: CloudApiError, now: datetime) -> None:
    told = {"error_code": error.code, "error": error.text, "lease_until": None}
    if error.code == cloud_api.WINDOW_CLOSED:
        return _settle(row, status=Status.WAITING, **told)
    is_exhausted = row.attempts >= MAX_ATTEMPTS and error.code not in cloud_api.OUTAGE
    if error.is_permanent or is_exhausted:
        logger.warning("message %s refused for good: code %s", row.pk, error.code)
        return _settle(row, status=Status.FAILED, failed_at=now, **told)
    delay = back_off(row.attempts)
    _settle(row, status=Status.QUEUED, next_try_at=now + delay, **told)
    return wake_later(delay)


def wake_later(delay: timedelta) -> None:
    try:
        flush_outbox.schedule(delay=delay.total_seconds())
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the messages")


def back_off(attempts: int) -> timedelta:
    """2, 8, 30, 120, 600 seconds, each 30 % more or less so that messages do not come back in step."""
    seconds = BACK_OFF_SECONDS[min(attempts, len(BACK_OFF_SECONDS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.7, 1.3))  # noqa: S311 - no secret


def release_waiting(contact: Contact) -> None:
    """The player wrote: what waited for the window goes out, in its order, before the reply."""
    OutboundMessage.objects.filter(contact=contact, status=Status.WAITING).update(
        status=Status.QUEUED, next_try_at=None
    )


def requeue(ids: Collection[int], *, now: datetime) -> int:
    """Staff send again what failed, however old: they have judged that it still makes sense."""
    failed = OutboundMessage.objects.filter(pk__in=ids, status=Status.FAILED)
    forgotten = dict.fromkeys(("not_after", "wamid", "sent_at", "failed_at", "error_code"))
    queued = failed.update(status=Status.QUEUED, attempts=0, next_try_at=now, error="", **forgotten)
    transaction.on_commit(wake)
    return queued


def note_status(payload: dict[str, Any], *, now: datetime) -> bool:
    """Apply one status of Meta. False when it names no message of ours (yet)."""
    row = _named_by(payload)
    if row is None:
        return False
    _note_price(row, payload)
    _note_wamid(row, payload)
    at = instant(payload.get("timestamp")) or now
    status = str(payload.get("status"))
    if status == "failed":
        _note_failure(row, payload, at)
    elif status in REPORTED:
        _raise_to(row, REPORTED[status], at)
    return True


def _named_by(payload: dict[str, Any]) -> OutboundMessage | None:
    mark = CALLBACK.match(str(payload.get("biz_opaque_callback_data", "")))
    if mark:
        row = OutboundMessage.objects.filter(pk=int(mark.group(1))).first()
        if row is not None:
            return row
    return OutboundMessage.objects.filter(wamid=payload.get("id")).first()


def _note_wamid(row: OutboundMessage, payload: dict[str, Any]) -> None:
    wamid = str(payload.get("id", ""))[:255]
    taken = OutboundMessage.objects.filter(wamid=wamid).exclude(pk=row.pk).exists()
    if wamid and row.wamid is None and not taken:
        OutboundMessage.objects.filter(pk=row.pk, wamid=None).update(wamid=wamid)


def _note_price(row: OutboundMessage, payload: dict[str, Any]) -> None:
    """Once a message: Meta repeats the price with later statuses."""
    pricing = payload.get("pricing")
    if isinstance(pricing, dict) and pricing.get("category"):
        OutboundMessage.objects.filter(pk=row.pk, price_category="").update(
            price_category=str(pricing["category"])[:32], price_type=str(pricing.get("type", ""))[:32]
        )


def _raise_to(row: OutboundMessage, status: OutboundMessage.Status, at: datetime) -> None:
    """Statuses come in any order: only a higher rank counts, and an arrival outdoes a reported failure."""
    lower = [name for name, rank in RANK.items() if rank < RANK[status]] + [Status.FAILED]
    stamps = {"sent_at": at} if row.sent_at is None else {}
    if status in (Status.DELIVERED, Status.READ) and row.delivered_at is None:
        stamps["delivered_at"] = at
    if status == Status.READ:
        stamps["read_at"] = at
    if status == Status.SENT:  # Meta says so before it says that it failed, and the two may change places
        lower = [Status.QUEUED, Status.SENDING]
    OutboundMessage.objects.filter(pk=row.pk, status__in=lower).update(
        status=status, lease_until=None, **stamps
    )


def _note_failure(row: OutboundMessage, payload: dict[str, Any], at: datetime) -> None:
    """Failed is final only while nothing arrived: with several devices both may be told."""
    errors = payload.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    error = cloud_api.error_from(first)
    open_statuses = (Status.QUEUED, Status.SENDING, Status.SENT)
    to = Status.WAITING if error.code == cloud_api.WINDOW_CLOSED else Status.FAILED
    logger.warning("message %s failed at Meta: code %s", row.pk, error.code)
    OutboundMessage.objects.filter(pk=row.pk, status__in=open_statuses).update(
        status=to, failed_at=at, lease_until=None, error_code=error.code, error=error.text
    )


def due_count(*, now: datetime | None = None) -> int:
    """How many messages could leave right now; for tests, checks and the shell chat."""
    return int(_due(now or timezone.now()).count())
