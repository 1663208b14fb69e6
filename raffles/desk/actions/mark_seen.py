from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from raffles.desk.models import StaffNotification


def mark_seen(*, notification_ids: Collection[int], now: datetime) -> int:
    """The first look is the one that counts; returns how many had not been looked at."""
    unseen = StaffNotification.objects.filter(pk__in=notification_ids, seen_at=None)
    return unseen.update(seen_at=now)
