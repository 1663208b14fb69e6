from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from raffles.draws.models import Award, Outcome
from raffles.draws.notices import OutcomeDue, announce

AT_ONCE = 100


def tell_outcomes(*, now: datetime, limit: int = AT_ONCE) -> int:
    """The next players who have not heard what came of their numbers. Returns how many; 0 when all have.

    Two that run at once take different ones (PostgreSQL) or wait for each other (SQLite).
    """
    with transaction.atomic():
        due = Outcome.objects.select_for_update(skip_locked=True, of=("self",)).filter(told_at=None)
        outcomes = list(due.select_related("draw", "player").order_by("id")[:limit])
        won = _awards_of(outcomes)
        for outcome in outcomes:
            announce(OutcomeDue(outcome, tuple(won[outcome.draw_id, outcome.player_id])))
        Outcome.objects.filter(pk__in=[each.pk for each in outcomes]).update(told_at=now)
        return len(outcomes)


def _awards_of(outcomes: Sequence[Outcome]) -> dict[tuple[int, int], list[Award]]:
    found: dict[tuple[int, int], list[Award]] = defaultdict(list)
    awards = Award.objects.filter(
        draw_id__in={each.draw_id for each in outcomes}, player_id__in={each.player_id for each in outcomes}
    )
    for award in awards.exclude(status=Award.Status.LOST).select_related("prize", "draw", "player"):
        found[award.draw_id, award.player_id].append(award)
    return found
