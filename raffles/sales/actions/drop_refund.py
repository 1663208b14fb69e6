from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger
from raffles.sales.lifecycle import due_refund, required_reason
from raffles.sales.models import Actor, Refund
from raffles.sales.notices import RefundDropped, announce


def drop_refund(*, refund_id: int, by: User, reason: str, now: datetime) -> Refund:
    """It is not sent after all: the money is credit again."""
    reason = required_reason(reason)
    with transaction.atomic():
        refund = due_refund(refund_id)
        refund.status = Refund.Status.DROPPED
        refund.dropped_by, refund.dropped_at, refund.drop_reason = by, now, reason
        refund.save()
        ledger.put_back(refund, Actor.staff(by), now)
        announce(RefundDropped(refund))
        return refund
