from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger
from raffles.sales.lifecycle import locked_player, required_reason
from raffles.sales.models import Actor, Refund
from raffles.sales.notices import RefundDue, announce


def request_refund(
    *,
    player_id: int,
    currency: str,
    amount_minor: int,
    destination: str,
    reason: str,
    by: User,
    now: datetime,
) -> Refund:
    """Takes the money from the credit at once, so that nothing else can spend it on the way."""
    reason = required_reason(reason)
    with transaction.atomic():
        refund = Refund.objects.create(
            player=locked_player(player_id),
            amount_minor=ledger.required_amount(amount_minor),
            currency=currency,
            reason=reason,
            destination=destination.strip(),
            requested_by=by,
            requested_at=now,
        )
        ledger.take_out(refund, Actor.staff(by), now)
        announce(RefundDue(refund))
        return refund
