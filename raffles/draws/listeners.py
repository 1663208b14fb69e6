from __future__ import annotations

from django.db.models import F

from raffles.draws.models import Award, Outcome
from raffles.sales.notices import Fact, PlayersMerged


def hand_over(fact: Fact) -> None:
    """What one player has won or waits to hear goes to the player they are now."""
    if not isinstance(fact, PlayersMerged):
        return
    won = set(Award.objects.filter(player=fact.gone_id).values_list("draw_id", flat=True))
    Award.objects.filter(player=fact.gone_id).update(player=fact.keep_id)
    for outcome in Outcome.objects.filter(player=fact.gone_id).select_related("draw"):
        _join(outcome, fact.keep_id, has_won=outcome.draw_id in won)


def _join(outcome: Outcome, keep_id: int, *, has_won: bool) -> None:
    """Of two rows of one draw the kept one tells both: again, where it has told and the other one has won."""
    kept = Outcome.objects.filter(draw=outcome.draw_id, player=keep_id)
    if not kept.update(numbers=F("numbers") + outcome.numbers):
        Outcome.objects.filter(pk=outcome.pk).update(player=keep_id)
    elif outcome.told_at is None:
        Outcome.objects.filter(pk=outcome.pk).update(told_at=outcome.draw.drawn_at)
        if has_won:
            kept.update(told_at=None)
