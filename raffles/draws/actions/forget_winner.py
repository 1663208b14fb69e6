from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.awarding import locked_award
from raffles.draws.models import Award
from raffles.draws.winners import forget


def forget_winner(*, award_id: int, by: User, now: datetime) -> list[Award]:
    """What was written of a winner is erased, for all they won in this draw: what was shown of them, notes,
    and the proof of the hand-over with its file. Numbers, prizes, order and what was published stay.

    Returns the awards of which something was erased; none the second time. Raises AwardNotFound.
    """
    with transaction.atomic():
        award = locked_award(award_id)
        theirs = award.draw.awards.filter(player_id=award.player_id).order_by("pk")
        forgotten = [each for each in theirs if each.tells_of_winner]
        for each in forgotten:
            forget(each)
        if forgotten:
            _record(award, forgotten, by, now)
        return forgotten


def _record(award: Award, forgotten: list[Award], by: User, now: datetime) -> None:
    """Nothing of what was erased: the log is for good."""
    record(
        Deed.WINNER_FORGOTTEN,
        subject=award,
        label=f"{award.draw.code} {award.number}",
        user=by,
        after={"awards": [each.pk for each in forgotten]},
        now=now,
    )
