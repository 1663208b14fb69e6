from __future__ import annotations

from datetime import datetime

from raffles.desk import alerts
from raffles.desk.models import StaffNotification


def call_person(*, player_id: int, now: datetime) -> StaffNotification:
    """Ask staff to answer a player. Asked again before anybody has looked, it stays one call."""
    alerts.wake()
    return StaffNotification.once(StaffNotification.Kind.PERSON_REQUESTED, player_id=player_id, now=now)
