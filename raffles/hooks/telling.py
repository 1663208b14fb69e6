"""An event and its deliveries as rows, in the transaction of what they tell."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from uuid import uuid4

from raffles.hooks.models import Delivery, Event, Subscription


def written(kind: str, *, at: datetime, data: Mapping[str, int | str], subject: str = "") -> Event:
    """In the bytes that are sent. Without a subject it keeps its order with nothing else."""
    key = uuid4().hex
    public_id = f"evt_{key}"
    told = {"id": public_id, "type": kind, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return Event.objects.create(
        public_id=public_id,
        kind=kind,
        subject=subject or f"test:{key}",
        body=json.dumps(told, separators=(",", ":")),
        at=at,
    )


def tell(event: Event, receivers: Collection[Subscription]) -> list[Delivery]:
    return Delivery.objects.bulk_create(
        Delivery(
            event=event,
            subscription=receiver,
            subject=event.subject,
            made_at=event.at,
            next_try_at=event.at,
        )
        for receiver in receivers
    )
