"""Notifications and destinations for tests, and a look at the clock that the tests set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from raffles.desk.alerts import gather, send_due
from raffles.desk.models import Destination, Digest, StaffNotification
from raffles.sales.models import Order
from tests.factories import NOW, make_order

Kind = StaffNotification.Kind
BEFORE = NOW - timedelta(hours=1)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def make_destination(url: str = "", *kinds: str, **fields: Any) -> Destination:
    given = {
        "name": f"room {Destination.objects.count()}",
        "channel": "WEBHOOK" if url else "WHATSAPP",
        "url": url,
        "kinds": list(kinds) or [Kind.PROOF_RECEIVED],
        "since": BEFORE,
    }
    return Destination.objects.create(**(given | fields))


def notify(
    kind: str = Kind.PROOF_RECEIVED, *, at: datetime = NOW, order: Order | None = None
) -> Order | None:
    """Of an order of its own, where the kind is about one."""
    if kind in {Kind.PROOF_RECEIVED, Kind.LATE_PROOF} and order is None:
        order = make_order(now=BEFORE)
    subject = f"{kind}:{StaffNotification.objects.count()}"
    player_id = order.player_id if order else None
    StaffNotification.objects.create(
        kind=kind, order=order, player_id=player_id, subject=subject, created_at=at
    )
    return order


def look(at: datetime) -> int:
    """What the worker does once; how many digests were told."""
    gather(now=at)
    return send_due(clock=lambda: at)


def the_digest() -> Digest:
    return Digest.objects.get()
