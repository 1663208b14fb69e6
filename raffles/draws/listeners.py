from __future__ import annotations

from django.db.models import F

from raffles.draws.awarding import lose, open_award
from raffles.draws.models import Award, Outcome
from raffles.sales.models import Actor, Order, Refund
from raffles.sales.notices import Fact, OrderRefunded, PlayersMerged


def hear(fact: Fact) -> None:
    match fact:
        case PlayersMerged():
            _hand_over(fact)
        case OrderRefunded(order, refund):
            _pass_on(order, refund)


def _hand_over(fact: PlayersMerged) -> None:
    """What one player has won or waits to hear goes to the player they are now."""
    won = set(Award.objects.filter(player=fact.gone_id).values_list("draw_id", flat=True))
    Award.objects.filter(player=fact.gone_id).update(player=fact.keep_id)
    for outcome in Outcome.objects.filter(player=fact.gone_id).select_related("draw"):
        _join(outcome, fact.keep_id, has_won=outcome.draw_id in won)


def _pass_on(order: Order, refund: Refund) -> None:
    """With the money goes what its numbers won, to whom the rule says; what was handed over stays."""
    won = Award.objects.filter(order=order, status=Award.Status.OPEN).order_by("place")
    for award_id in list(won.values_list("pk", flat=True)):
        lose(
            open_award(award_id),
            why=Award.Lost.REFUNDED,
            note="",
            actor=Actor.staff(refund.requested_by),
            now=refund.requested_at,
        )


def _join(outcome: Outcome, keep_id: int, *, has_won: bool) -> None:
    """Of two rows of one draw the kept one tells both: again, where it has told and the other one has won."""
    kept = Outcome.objects.filter(draw=outcome.draw_id, player=keep_id)
    if not kept.update(numbers=F("numbers") + outcome.numbers):
        Outcome.objects.filter(pk=outcome.pk).update(player=keep_id)
    elif outcome.told_at is None:
        Outcome.objects.filter(pk=outcome.pk).update(told_at=outcome.draw.drawn_at)
        if has_won:
            kept.update(told_at=None)
