from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from raffles.desk import alerts
from raffles.desk.models import StaffNotification
from raffles.sales.models import Order


def alert_staff(
    *,
    kind: str,
    subject: str,
    text: str,
    now: datetime,
    player_id: int | None = None,
    order: Order | None = None,
) -> StaffNotification | None:
    """`text` says what a person should do. None: it is on the desk already and nobody has looked yet.

    About an order it is about its player as well.
    """
    whose = order.player_id if order is not None else player_id
    about = StaffNotification.objects.filter(kind=kind, subject=subject, seen_at=None)
    if about.exists():
        return None
    try:
        with transaction.atomic():
            alerts.wake()
            return StaffNotification.objects.create(
                kind=kind, subject=subject, text=text[:500], player_id=whose, order=order, created_at=now
            )
    except IntegrityError:
        if not about.exists():
            raise
        return None
