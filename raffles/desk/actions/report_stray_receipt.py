from __future__ import annotations

from datetime import datetime

from raffles.desk import alerts
from raffles.desk.models import StaffNotification


def report_stray_receipt(*, player_id: int, now: datetime) -> StaffNotification:
    """A player sent a receipt and never said which order it was for: staff find it in the chat."""
    alerts.wake()
    return StaffNotification.once(StaffNotification.Kind.STRAY_RECEIPT, player_id=player_id, now=now)
