"""Carries webhooks to the product by real HTTP as Meta does: signed, repeated until 200, no redirects."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from requests.adapters import HTTPAdapter
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from . import deliveries, fault_plan
from .bundles import MOST_UPDATES, bundled, merged
from .courier_threads import Couriers
from .envelopes import signature
from .journal import entry, note_all
from .models import ChatMessage, JournalEntry, WebhookDelivery
from .shapes import Json

WEBHOOK_PATH = "/whatsapp/webhook/"
TIMEOUT = Timeout(connect=3.05, read=20)
AT_ONCE = 25
# Behind a slow product the rest of a claim would wait here while other couriers have time, and come late.
GIVE_BACK_AFTER_SECONDS = 5


@dataclass
class Trip:
    """One POST: the rows it carries, and what became of it."""

    rows: Sequence[WebhookDelivery]
    raw: bytes
    answer: str = ""
    milliseconds: float = 0.0
    extra: list[JournalEntry] = field(default_factory=list)

    def has(self, fault: str) -> bool:
        return any(row.faults.get(fault) for row in self.rows)

    @property
    def accepted(self) -> bool:
        return self.answer == "200"


def enqueue(payload: Json, *, at: datetime, subject: str, wamid: str = "") -> None:
    enqueue_all([deliveries.made(payload, at=at, subject=subject, wamid=wamid)])


def enqueue_all(made: Sequence[WebhookDelivery]) -> None:
    WebhookDelivery.objects.bulk_create(made)
    transaction.on_commit(wake)


def deliver_due(now: datetime, base_url: str | None = None) -> int:
    """Everything that is due, one after the other; how many were taken."""
    delivered = 0
    while rows := _claimed(now):
        delivered += carry(rows, now, base_url)
    return delivered


def deliver_some(now: datetime) -> bool:
    """One claim; whether there may be more."""
    rows = _claimed(now)
    if rows:
        carry(rows, now)
    return len(rows) >= AT_ONCE


def deliver_these(made: Sequence[WebhookDelivery], now: datetime) -> int:
    return carry(deliveries.claim_these(made, now), now)


def _claimed(now: datetime) -> list[WebhookDelivery]:
    rows = deliveries.claim(now, MOST_UPDATES if "bundle" in fault_plan.current().rates else AT_ONCE)
    if len(rows) == AT_ONCE and any("bundle" in row.faults for row in rows):
        rows += deliveries.claim(now, MOST_UPDATES - AT_ONCE)
    return rows


def carry(rows: Sequence[WebhookDelivery], now: datetime, base_url: str | None = None) -> int:
    url = (base_url or settings.SITE_URL) + WEBHOOK_PATH
    began = time.monotonic()
    done: list[Trip] = []
    left = _trips(rows)
    while left and time.monotonic() - began < GIVE_BACK_AFTER_SECONDS:
        done.append(_travelled(left.pop(0), url, now))
    with transaction.atomic():
        _settle(done, now)
        deliveries.give_back((row for trip in left for row in trip.rows), now)
    return sum(len(trip.rows) for trip in done if trip.accepted)


def _trips(rows: Sequence[WebhookDelivery]) -> list[Trip]:
    """The oldest first, bundles too: behind all others one would be given back again and again."""
    alone = [Trip([row], row.payload.encode("ascii")) for row in rows if "bundle" not in row.faults]
    together = [
        Trip(group, merged([row.payload for row in group]).encode("ascii"))
        for group in bundled(row for row in rows if "bundle" in row.faults)
    ]
    return sorted([*alone, *together], key=lambda trip: trip.rows[0].pk)


def _travelled(trip: Trip, url: str, now: datetime) -> Trip:
    if trip.has("tampered_signature"):
        answer = _post(url, trip.raw, signed_as=signature(trip.raw + b" "))
        trip.extra += _entries(trip, "webhook_tampered", answer, now)
    twin = _Twin(trip, url) if trip.has("duplicate_parallel") else None
    began = time.perf_counter()
    trip.answer = _post(url, trip.raw)
    trip.milliseconds = round((time.perf_counter() - began) * 1000, 1)
    if twin is not None:
        trip.extra += _entries(trip, "webhook_repeated", twin.ended(), now)
    if trip.has("duplicate"):
        trip.extra += _entries(trip, "webhook_repeated", _post(url, trip.raw), now)
    return trip


class _Twin:
    """The same POST at the same time, on a line of its own."""

    def __init__(self, trip: Trip, url: str) -> None:
        self._answer = ""
        self._thread = threading.Thread(target=self._travel, args=(url, trip.raw))
        self._thread.start()

    def _travel(self, url: str, raw: bytes) -> None:
        self._answer = _post(url, raw)
        _lines.pool.clear()

    def ended(self) -> str:
        self._thread.join()
        return self._answer


def _settle(done: Sequence[Trip], now: datetime) -> None:
    deliveries.arrived((row for trip in done if trip.accepted for row in trip.rows), now)
    entries: list[JournalEntry] = []
    for trip in done:
        kind = "webhook_accepted" if trip.accepted else "webhook_refused"
        entries += [*trip.extra, *_entries(trip, kind, trip.answer, now, ms=trip.milliseconds)]
        for row in trip.rows if not trip.accepted else ():
            deliveries.refused(row, trip.answer, now)
    note_all(entries)
    taken = [row.wamid for trip in done if trip.accepted for row in trip.rows if row.wamid]
    if taken:
        mine = ChatMessage.objects.filter(wamid__in=taken, direction="in", status="sent")
        mine.update(status="delivered")


def _entries(trip: Trip, kind: str, answer: str, now: datetime, **more: float) -> list[JournalEntry]:
    """`ms` is told once a POST, however many updates it carried."""
    told = [{"answer": answer, "delivery": row.pk, "together": len(trip.rows)} for row in trip.rows]
    told[0] |= more
    return [
        entry(kind=kind, at=now, wamid=row.wamid, detail=detail)
        for row, detail in zip(trip.rows, told, strict=True)
    ]


class _Lines(threading.local):
    """Open lines of this thread. The pool beneath a session is used as it is: half the work for each POST."""

    def __init__(self) -> None:
        self.pool = HTTPAdapter().poolmanager


_lines = _Lines()


def _post(url: str, raw: bytes, *, signed_as: str = "") -> str:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": signed_as or signature(raw),
    }
    try:
        answer = _lines.pool.urlopen(
            "POST", url, body=raw, headers=headers, timeout=TIMEOUT, retries=False, redirect=False
        )
    except HTTPError as error:
        return type(error).__name__
    return str(answer.status)


_couriers = Couriers(deliver_some)


def wake() -> None:
    if settings.SIMULATOR_COURIER:
        _couriers.wake(getattr(settings, "SIMULATOR_COURIER_THREADS", 4))
