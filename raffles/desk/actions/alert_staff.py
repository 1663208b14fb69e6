from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from raffles.desk import alerts
from raffles.desk.models import StaffNotification


def alert_staff(
    *, kind: str, subject: str, text: str, now: datetime, player_id: int | None = None
) -> StaffNotification | None:
    """`text` says what a person should do. None: it is on the desk already and nobody has looked yet."""
    about = StaffNotification.objects.filter(kind=kind, subject=subject, seen_at=None)
    if about.exists():
        return None
    try:
        with transaction.atomic():
            alerts.wake()
            return StaffNotification.objects.create(
                kind=kind, subject=subject, text=text[:500], player_id=player_id, created_at=now
            )
    except IntegrityError:
        if not about.exists():
            raise
        return None
