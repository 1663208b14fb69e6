from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.draws.awarding import lose, open_award
from raffles.draws.errors import AwardDecided
from raffles.draws.models import Award
from raffles.sales.models import Actor

AT_ONCE = 100


def expire_awards(*, now: datetime) -> int:
    """Prizes whose winners did not come forward in time. Returns how many were lost."""
    late = Award.objects.filter(status=Award.Status.OPEN, claimed_at=None, claim_until__lt=now)
    ids = list(late.order_by("claim_until", "id").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_expired(award_id, now) for award_id in ids)


def _expired(award_id: int, now: datetime) -> bool:
    """Looked at again behind the lock: the winner may have written a moment ago."""
    with transaction.atomic():
        try:
            award = open_award(award_id)
        except AwardDecided:
            return False
        if award.claimed_at is not None:
            return False
        lose(award, why=Award.Lost.UNCLAIMED, note="", actor=Actor.clock(), now=now)
        return True
