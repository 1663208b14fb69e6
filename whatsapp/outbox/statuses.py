"""What Meta tells of sent messages: in any order, twice, too early. It only ever raises them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from whatsapp import cloud_api
from whatsapp.models import OutboundMessage
from whatsapp.outbox.refusals import refuse
from whatsapp.payloads import instant

Status = OutboundMessage.Status
RANK = {
    Status.QUEUED: 0,
    Status.WAITING: 0,
    Status.SENDING: 0,
    Status.SENT: 1,
    Status.DELIVERED: 2,
    Status.READ: 3,
}
REPORTED = {"sent": Status.SENT, "delivered": Status.DELIVERED, "read": Status.READ, "played": Status.READ}
# Without the instant: marks of the version before.
CALLBACK = re.compile(r"outbox:(\d{1,18})(:\d{1,20})?\Z")
OPEN = (Status.QUEUED, Status.SENDING, Status.SENT)


@dataclass
class Named:
    """A row with what the statuses of this batch change in it."""

    row: OutboundMessage
    changed: set[str] = field(default_factory=set)

    def put(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.row, name, value)
            self.changed.add(name)


def note_status(payload: dict[str, Any], *, now: datetime) -> bool:
    """Apply one status of Meta. False when it names no message of ours (yet)."""
    return note_statuses([payload], now=now)[0]


def note_statuses(payloads: Sequence[dict[str, Any]], *, now: datetime) -> list[bool]:
    """One for each status: whether it names a message of ours. The rows are locked, always in one order."""
    with transaction.atomic():
        by_pk, by_wamid = _rows_of(payloads)
        found = [_marked(by_pk, payload) or by_wamid.get(_wamid(payload)) for payload in payloads]
        for payload, named in zip(payloads, found, strict=True):
            if named is not None:
                _apply(named, payload, now)
        for named in {id(named): named for named in found if named is not None}.values():
            if named.changed:
                named.row.save(update_fields=sorted(named.changed))
    return [named is not None for named in found]


def _rows_of(payloads: Sequence[dict[str, Any]]) -> tuple[dict[int | None, Named], dict[str, Named]]:
    marks = {pk for payload in payloads if (pk := _marked_pk(payload)) is not None}
    wamids = {wamid for payload in payloads if (wamid := _wamid(payload))}
    rows = OutboundMessage.objects.filter(Q(pk__in=marks) | Q(wamid__in=wamids))
    locked = rows.select_related("contact").select_for_update(of=("self",)).order_by("pk")
    named = [Named(row) for row in locked]
    return {each.row.pk: each for each in named}, {each.row.wamid: each for each in named if each.row.wamid}


def _marked_pk(payload: dict[str, Any]) -> int | None:
    """Our own mark on the message, which Meta gives back; the answer that holds its id may have been lost."""
    found = CALLBACK.match(_mark(payload))
    return int(found.group(1)) if found else None


def _marked(by_pk: dict[int | None, Named], payload: dict[str, Any]) -> Named | None:
    named, mark = by_pk.get(_marked_pk(payload)), _mark(payload)
    return named if named is not None and mark in (named.row.mark, f"outbox:{named.row.pk}") else None


def _mark(payload: dict[str, Any]) -> str:
    return str(payload.get("biz_opaque_callback_data", ""))


def _wamid(payload: dict[str, Any]) -> str:
    return str(payload.get("id", ""))[:255]


def _apply(named: Named, payload: dict[str, Any], now: datetime) -> None:
    _note_price(named, payload)
    status = str(payload.get("status"))
    at = instant(payload.get("timestamp")) or now
    if status == "failed":
        _note_failure(named, payload, at)
    elif status in REPORTED and not _is_of_refused_try(named.row, payload, REPORTED[status]):
        _note_wamid(named, payload)
        _raise_to(named, REPORTED[status], at)


def _note_wamid(named: Named, payload: dict[str, Any]) -> None:
    wamid = _wamid(payload)
    if not wamid or named.row.wamid is not None:
        return
    if not OutboundMessage.objects.filter(wamid=wamid).exclude(pk=named.row.pk).exists():
        named.put(wamid=wamid)


def _note_price(named: Named, payload: dict[str, Any]) -> None:
    """Once a message: Meta repeats the price with later statuses."""
    pricing = payload.get("pricing")
    if isinstance(pricing, dict) and pricing.get("category") and not named.row.price_category:
        named.put(price_category=str(pricing["category"])[:32], price_type=str(pricing.get("type", ""))[:32])


def _raise_to(named: Named, status: OutboundMessage.Status, at: datetime) -> None:
    """Statuses come in any order: only a higher rank counts, and an arrival outdoes a reported failure.

    "sent" does not: Meta says so before it says that it failed, and the two may change places.
    """
    row = named.row
    if row.sent_at is None:
        named.put(sent_at=at)
    if status in (Status.DELIVERED, Status.READ) and row.delivered_at is None:
        named.put(delivered_at=at)
    if status == Status.READ:
        named.put(read_at=at)
    before = Status(row.status)
    outdone = before == Status.FAILED and status != Status.SENT
    if outdone or (before in RANK and RANK[before] < RANK[status]):
        named.put(status=status, lease_until=None)


def _is_of_refused_try(row: OutboundMessage, payload: dict[str, Any], status: Status) -> bool:
    """Refused since, and put back: that it had been "sent" before says nothing about the next try.

    That it arrived does, and there is no next one. A try refused by Meta's answer has no id to be told by.
    """
    return status == Status.SENT and _wamid(payload) in row.refused_ids.split()


def _note_failure(named: Named, payload: dict[str, Any], at: datetime) -> None:
    """Final only while nothing arrived: with several devices both may be told.

    A failure under another id than the last is that of an earlier try.
    """
    row, wamid = named.row, _wamid(payload)
    if wamid in row.refused_ids.split() or (row.wamid is not None and wamid != row.wamid):
        return
    errors = payload.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    _note_changes(named)
    refuse(row, cloud_api.failure_from(first), at, open_statuses=OPEN, wamid=wamid)
    row.refresh_from_db()


def _note_changes(named: Named) -> None:
    """What other statuses of the batch have changed is written first: a refusal looks at the row."""
    if named.changed:
        named.row.save(update_fields=sorted(named.changed))
        named.changed.clear()
