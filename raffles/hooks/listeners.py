from __future__ import annotations

import json
from datetime import UTC
from uuid import uuid4

from django.db.models import QuerySet

from raffles.hooks import nudges
from raffles.hooks.happenings import Happening, happenings
from raffles.hooks.models import Delivery, Event, Subscription
from raffles.sales.notices import Fact
from raffles.sales.sight import seen_by


def hear(fact: Fact) -> None:
    """Where nobody has subscribed a sale costs one look."""
    listening = list(_listening())
    if listening:
        for happening in happenings(fact):
            _tell(happening, _receivers(happening, listening))


def _listening() -> QuerySet[Subscription]:
    """Whoever works here no more hears no more."""
    return Subscription.objects.filter(disabled_at=None, owner__is_active=True).select_related("owner")


def _receivers(happening: Happening, listening: list[Subscription]) -> list[Subscription]:
    wanting = [one for one in listening if happening.kind in one.kinds]
    owners = {one.owner_id: one.owner for one in wanting}
    seeing = {key for key, owner in owners.items() if seen_by(owner, happening.rows()).exists()}
    return [one for one in wanting if one.owner_id in seeing]


def _tell(happening: Happening, receivers: list[Subscription]) -> None:
    if not receivers:
        return
    event = _written(happening)
    Delivery.objects.bulk_create(
        Delivery(
            event=event,
            subscription=receiver,
            subject=event.subject,
            made_at=event.at,
            next_try_at=event.at,
        )
        for receiver in receivers
    )
    nudges.wake()


def _written(happening: Happening) -> Event:
    public_id = f"evt_{uuid4().hex}"
    told = {
        "id": public_id,
        "type": happening.kind.value,
        "timestamp": happening.at.astimezone(UTC).isoformat(),
        "data": happening.ids,
    }
    return Event.objects.create(
        public_id=public_id,
        kind=happening.kind,
        subject=happening.subject,
        body=json.dumps(told, separators=(",", ":")),
        at=happening.at,
    )
