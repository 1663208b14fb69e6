from __future__ import annotations

from datetime import datetime

from raffles.desk.models import StaffNotification


def call_person(*, player_id: int, now: datetime) -> StaffNotification:
    """Ask staff to answer a player. Asked again before anybody has looked, it stays one call."""
    kind = StaffNotification.Kind.PERSON_REQUESTED
    open_call = StaffNotification.objects.filter(kind=kind, player_id=player_id, seen_at=None).first()
    if open_call is not None:
        return open_call
    return StaffNotification.objects.create(
        kind=kind, player_id=player_id, subject=f"player:{player_id}:{now.timestamp():.0f}", created_at=now
    )
