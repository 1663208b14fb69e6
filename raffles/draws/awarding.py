"""From the sequence of a draw to who has which prize, now and when one is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import AwardDecided, AwardNotFound
from raffles.draws.models import Award, Draw, Outcome, Prize
from raffles.draws.notices import AwardLost, AwardPassedOn, announce
from raffles.draws.subjects import PaidNumber, subject_of
from raffles.sales.models import Actor, Order

Status = Award.Status
Unit = tuple[Prize, int]


def units(draw: Draw) -> Iterator[Unit]:
    """Every single thing that can be won, most valuable first."""
    for prize in draw.prizes.order_by("rank"):
        for unit in range(1, prize.quantity + 1):
            yield prize, unit


def award_all(draw: Draw, paid: Sequence[PaidNumber], now: datetime) -> list[Award]:
    by_number = {each.number: each for each in paid}
    until = claim_until(draw, now)
    won = zip(units(draw), draw.sequence or [], strict=False)
    return Award.objects.bulk_create(
        Award(
            draw=draw,
            prize=prize,
            unit=unit,
            place=place,
            number=number,
            order_id=by_number[number].order_id,
            player_id=by_number[number].player_id,
            won_at=now,
            claim_until=until,
        )
        for place, ((prize, unit), number) in enumerate(won)
    )


def write_outcomes(draw: Draw, paid: Sequence[PaidNumber]) -> None:
    """One for everybody who played; they are told bit by bit, so that a large draw keeps nobody waiting."""
    having = Counter(each.player_id for each in paid)
    Outcome.objects.bulk_create(
        (Outcome(draw=draw, player_id=player, numbers=count) for player, count in having.items()),
        batch_size=500,
    )


def claim_until(draw: Draw, now: datetime) -> datetime:
    """The end of the last day, where the raffle is at home."""
    zone = ZoneInfo(subject_of(draw).terms(draw).time_zone)
    last = now.astimezone(zone).date() + timedelta(days=draw.claim_days)
    return datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=zone)


def locked_award(award_id: int) -> Award:
    """Behind the lock of its draw: of two prizes that are lost at once each takes a reserve of its own."""
    found = Award.objects.filter(pk=award_id).values_list("draw_id", flat=True).first()
    if found is None:
        raise AwardNotFound(award_id)
    Draw.objects.select_for_update(no_key=True).get(pk=found)
    return Award.objects.select_related("draw", "prize", "order", "player").get(pk=award_id)


def open_award(award_id: int) -> Award:
    award = locked_award(award_id)
    if award.status != Status.OPEN:
        raise AwardDecided(award.status)
    return award


def lose(award: Award, *, why: str, note: str, actor: Actor, now: datetime) -> Award | None:
    """Returns the award of the next reserve, or None where nobody else gets it."""
    with transaction.atomic():
        columns = {"status": Status.LOST.value, "lost_at": now, "lost_why": why, "lost_note": note}
        hidden = {"shown": Award.Shown.NOTHING.value, "shown_text": ""}
        if not Award.objects.filter(pk=award.pk, status=Status.OPEN).update(**columns, **hidden):
            raise AwardDecided(award.status)
        for name, value in {**columns, **hidden}.items():
            setattr(award, name, value)
        _note(award, actor, now)
        following = _reserve(award, now)
        announce(AwardPassedOn(following, award) if following else AwardLost(award))
        return following


def _reserve(lost: Award, now: datetime) -> Award | None:
    """The next of the sequence that has no award yet and is still paid."""
    draw = lost.draw
    if draw.redraw != Draw.Redraw.RESERVES:
        return None
    paid = {each.number: each for each in subject_of(draw).paid(draw)}
    used = draw.awards.order_by("-place").values_list("place", flat=True)[0]
    for place, number in list(enumerate(draw.sequence or []))[used + 1 :]:
        if number in paid:
            return _awarded(lost, place, paid[number], now)
    return None


def _awarded(lost: Award, place: int, paid: PaidNumber, now: datetime) -> Award:
    order = Order.objects.select_related("player").get(pk=paid.order_id)
    return Award.objects.create(
        draw=lost.draw,
        prize=lost.prize,
        unit=lost.unit,
        place=place,
        number=paid.number,
        order=order,
        player=order.player,
        won_at=now,
        claim_until=claim_until(lost.draw, now),
    )


def _note(award: Award, actor: Actor, now: datetime) -> None:
    """Without what staff wrote beside it: the log is for good, and a winner may be forgotten."""
    record(
        Deed.AWARD_LOST,
        subject=award,
        label=f"{award.draw.code} {award.number}",
        user=actor.user,
        actor=actor.label,
        after={"why": award.lost_why},
        now=now,
    )
