from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from raffles.desk.errors import DecidedAlready
from raffles.desk.leases import name_of, require_as_seen, require_mine
from raffles.desk.models import Verdict

UNDO = timedelta(seconds=10)


def plan_verdict(
    *, order_id: int, kind: str, given: dict[str, Any], seen: str, by: User, now: datetime, language: str = ""
) -> Verdict:
    """`seen`: the stamp of the order that the reviewer looked at. Carried out once `due_at` is past.

    The constraint lets one decision wait for an order; whoever comes second reads who was first.
    """
    order = require_as_seen(order_id, seen)
    require_mine(order_id, by, now)
    planned = Verdict(
        order=order,
        kind=kind,
        given=given,
        seen=seen,
        by=by,
        language=language,
        decided_at=now,
        due_at=now + UNDO,
    )
    try:
        with transaction.atomic():
            planned.save(force_insert=True)
    except IntegrityError:
        first = Verdict.objects.filter(order=order, status=Verdict.Status.PLANNED).first()
        raise DecidedAlready(order.code, name_of(first.by) if first else "") from None
    return planned
