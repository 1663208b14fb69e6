"""What others ask about draws. What is private of winners is left out here, not in the pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from raffles.draws.models import Award, Draw, EntryPage, Exclusion, Outcome
from raffles.draws.models.records import PAGE_SIZE

Status = Draw.Status


@dataclass(frozen=True)
class ShownWinner:
    """`name` is what the winner allowed; empty for everybody else."""

    rank: int
    unit: int
    prize: str
    number: int
    name: str
    is_lost: bool
    lost_why: str


def draw_by_code(code: str) -> Draw | None:
    """Of what is public: nobody sees a draw that is still being planned."""
    return Draw.objects.filter(code=code.strip().upper()).exclude(status=Status.PLANNED).first()


def shown_winners(draw: Draw, *, first: int = 0, most: int | None = None) -> list[ShownWinner]:
    """The most valuable first; of many a part, `most` of them from place `first` (from 0) on."""
    awards = draw.awards.select_related("prize").order_by("prize__rank", "unit", "place")
    return [
        ShownWinner(
            rank=award.prize.rank,
            unit=award.unit,
            prize=award.prize.label,
            number=award.number,
            name=award.shown_text,
            is_lost=award.status == Award.Status.LOST,
            lost_why=award.lost_why,
        )
        for award in awards[first : None if most is None else first + most]
    ]


def count_winners(draws: Collection[Draw]) -> dict[int, int]:
    """How many `shown_winners` has of each, by its key; draws without any are left out."""
    counted = Award.objects.filter(draw__in=draws).values("draw").order_by("draw").annotate(count=Count("pk"))
    return dict(counted.values_list("draw", "count"))


def held_draws() -> QuerySet[Draw]:
    """Newest first."""
    return Draw.objects.filter(status=Status.DRAWN).order_by("-drawn_at", "-id")


def past_draws() -> QuerySet[Draw]:
    """Held or called off; `over_at` says when. Newest first."""
    over = Draw.objects.filter(Q(status=Status.DRAWN) | Q(status=Status.CALLED_OFF) & ~Q(rule_digest=""))
    return over.annotate(over_at=Coalesce("drawn_at", "called_off_at")).order_by("-over_at", "-id")


def missed_draws(now: datetime) -> QuerySet[Draw]:
    """Called off, and would still be to come."""
    gone = Draw.objects.filter(status=Status.CALLED_OFF, draws_at__gt=now).exclude(rule_digest="")
    return gone.order_by("draws_at", "id")


def coming_draws() -> QuerySet[Draw]:
    coming = Draw.objects.filter(status__in=[Status.COMMITTED, Status.CLOSED])
    return coming.order_by("draws_at", "id")


def open_awards_of(player_id: int) -> list[Award]:
    """Newest first; what was lost is not there."""
    awards = Award.objects.filter(player_id=player_id).exclude(status=Award.Status.LOST)
    return list(awards.select_related("draw", "prize").order_by("-won_at", "place"))


def draws_to_close(now: datetime) -> list[Draw]:
    due = Draw.objects.filter(status=Status.COMMITTED, closes_at__lte=now)
    return list(due.order_by("closes_at", "id"))


def draws_to_hold(now: datetime) -> list[Draw]:
    due = Draw.objects.filter(status=Status.CLOSED, draws_at__lte=now)
    return [draw for draw in due.order_by("draws_at", "id") if draw.base is not None and draw.base <= now]


@dataclass(frozen=True)
class PlacedEntry:
    """A frozen number, where it stands among all (from 0, as in its receipt), and its mark."""

    number: int
    position: int
    mark: str


def placed_entries(draw: Draw, numbers: Collection[int]) -> list[PlacedEntry]:
    """Of these numbers those that take part, ascending; reads only the pages they are on."""
    wanted, found = set(numbers), []
    for page in _pages_of(draw, wanted):
        for place, entry in enumerate(page.entries()):
            if entry.number in wanted:
                found.append(PlacedEntry(entry.number, page.index * PAGE_SIZE + place, entry.mark))
    return found


def winning_numbers(draw: Draw) -> list[int]:
    """Those that have a prize now, the most valuable first."""
    alive = draw.awards.exclude(status=Award.Status.LOST).order_by("prize__rank", "unit")
    return list(alive.values_list("number", flat=True))


def will_hear_outcome(draw_id: int, player_id: int) -> bool:
    """Waits for whoever tells it at this moment, so that a prize that is passed on meanwhile is told once."""
    outcomes = Outcome.objects.select_for_update().filter(draw=draw_id, player=player_id)
    return any(outcome.told_at is None for outcome in outcomes)


def _pages_of(draw: Draw, numbers: Collection[int]) -> list[EntryPage]:
    pages = EntryPage.objects.filter(draw=draw).order_by("index")
    starts = list(pages.values_list("index", "first_number"))
    wanted = {max((index for index, first in starts if first <= number), default=-1) for number in numbers}
    return list(pages.filter(index__in=wanted))


def exclusions_of(draw: Draw, player_id: int) -> list[Exclusion]:
    return list(draw.exclusions.filter(order__player=player_id).select_related("order"))
