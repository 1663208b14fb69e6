from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.draws.awarding import lose, open_award
from raffles.draws.models import Award
from raffles.sales.lifecycle import required_reason
from raffles.sales.models import Actor


def lose_award(*, award_id: int, by: User, why: str, note: str, now: datetime) -> Award | None:
    """Staff say that a prize is lost, for a reason of the list and with a note; the rule says who is next.

    Returns the award of the reserve, or None where the prize stays.
    """
    note = required_reason(note)
    with transaction.atomic():
        award = open_award(award_id)
        return lose(award, why=Award.Lost(why), note=note, actor=Actor.staff(by), now=now)
