"""What should have happened by now. The sweep does most of it, each minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F

from raffles.draws.models import Award, Draw, Outcome
from raffles.draws.queries import draws_to_close, draws_to_hold
from raffles.draws.subjects import subject_of

SWEEP_MAY_LAG = timedelta(minutes=5)
TELLING_MAY_TAKE = timedelta(minutes=10)
# People type what came out of a barrel or a lottery: that takes longer than the sweep.
PEOPLE_MAY_TAKE = timedelta(hours=24)
MOST_NAMED = 20


def late(now: datetime) -> list[str]:
    return [*_closings(now), *_holdings(now), *_outcomes(now), *_claims(now), *_refunded()]


def _closings(now: datetime) -> Iterator[str]:
    for draw in draws_to_close(now - SWEEP_MAY_LAG):
        waiting = [] if draw.trouble else [each.order_code for each in subject_of(draw).undecided(draw)]
        if waiting and draw.draws_at is not None and now < draw.draws_at:
            continue  # staff have until the draw, and are told each hour
        if waiting:
            yield (
                f"Draw {draw.code} should have been held at {_at(draw.draws_at)} and these orders are "
                f"undecided: {_named(waiting)}. Decide them, or exclude them on the page of the draw."
            )
        else:
            yield _stopped(draw, f"its entries should have been frozen at {_at(draw.closes_at)}")


def _holdings(now: datetime) -> Iterator[str]:
    for draw in draws_to_hold(now - SWEEP_MAY_LAG):
        awaits_people = draw.is_typed and draw.typed is None and draw.trouble in {"", "results"}
        if not awaits_people:
            yield _stopped(draw, f"it should have been held at {_at(draw.base)}")
        elif draw.base is not None and draw.base < now - PEOPLE_MAY_TAKE:
            yield (
                f"Draw {draw.code} waits for its results since {_at(draw.base)}: two people must type what "
                "came out on its page, each on their own."
            )


def _stopped(draw: Draw, overdue: str) -> str:
    if draw.trouble:
        return (
            f"Draw {draw.code} is stopped ({draw.trouble}): {overdue}. Its page in the admin says what is "
            "wrong and what to do; it goes on by itself once that is mended."
        )
    return f"Draw {draw.code}: {overdue}. Start the worker, it does it within a minute."


def _outcomes(now: datetime) -> Iterator[str]:
    due = Outcome.objects.filter(told_at=None, draw__drawn_at__lt=now - TELLING_MAY_TAKE)
    counted = due.order_by("draw__code").values_list("draw__code").annotate(players=Count("pk"))
    for code, players in counted:
        yield (
            f"{players} of those who played draw {code} have not heard what came of it: start the worker, it "
            "tells a hundred at a time."
        )


def _claims(now: datetime) -> Iterator[str]:
    over = Award.objects.filter(
        status=Award.Status.OPEN, claimed_at=None, claim_until__lt=now - SWEEP_MAY_LAG
    )
    for award in over.select_related("draw").order_by("pk"):
        yield (
            f"The prize of number {award.number} of draw {award.draw.code} was to be claimed until "
            f"{_at(award.claim_until)} and is still open: start the worker, it goes on as the rule says."
        )


def _refunded() -> Iterator[str]:
    """Refunds after the draw are right; whose number won has lost the prize with it."""
    gone = Award.objects.filter(status=Award.Status.OPEN, order__status="REFUNDED")
    for award in gone.select_related("draw", "order").order_by("pk"):
        yield (
            f"Number {award.number} of draw {award.draw.code} has a prize to hand over and its order "
            f"{award.order.code} was refunded: pass the prize on, on its page."
        )
    moved = Award.objects.exclude(player=F("order__player")).select_related("draw", "order").order_by("pk")
    for award in moved:
        yield (
            f"The prize of number {award.number} of draw {award.draw.code} stands with another player than "
            f"its order {award.order.code}: hand nothing over before you know whose it is."
        )


def _named(codes: list[str]) -> str:
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _at(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant is not None else "no time at all"
