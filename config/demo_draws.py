"""What the demo shows of draws: prizes of raffles on sale, and a raffle that was drawn two days ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from config import demo_beacon
from raffles.draws.actions import (
    claim_award,
    close_entries,
    hold_draw,
    record_beacon,
    show_winner,
    tell_outcomes,
)
from raffles.draws.models import Award, Draw, Prize
from raffles.numbers.actions import plan_draw
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor


def plan(raffle: Raffle, prizes: tuple[tuple[str, int], ...], *, is_over: bool) -> None:
    """Without a beacon that signs at once a draw of the past goes by the secret alone."""
    draw = plan_draw(raffle_id=raffle.pk)
    draw.prizes.all().delete()
    for rank, (label, quantity) in enumerate(prizes, 1):
        Prize.objects.create(draw=draw, rank=rank, label=label, quantity=quantity)
    if is_over and not settings.SIMULATOR:
        Draw.objects.filter(pk=draw.pk).update(method=Draw.Method.SECRET)


def hold(raffle: Raffle) -> None:
    draw = Draw.objects.get(raffle=raffle)
    clock = Actor.clock()
    close_entries(draw_id=draw.pk, actor=clock, now=raffle.sales_close_at + timedelta(minutes=5))
    at = raffle.draw_at + timedelta(minutes=1)
    draw.refresh_from_db()
    if draw.beacon_round is not None:
        signature = demo_beacon.signature_of(draw.beacon_round)
        record_beacon(
            draw_id=draw.pk, round_number=draw.beacon_round, signature=signature, actor=clock, now=at
        )
    hold_draw(draw_id=draw.pk, actor=clock, now=at)
    while tell_outcomes(now=at):
        pass
    _one_winner_says(draw, at + timedelta(hours=1))


def _one_winner_says(draw: Draw, now: datetime) -> None:
    award: Award = draw.awards.order_by("place")[0]
    player, winner = Actor.player(), award.player_id
    claim_award(draw_id=draw.pk, player_id=winner, actor=player, now=now)
    show_winner(
        draw_id=draw.pk, player_id=winner, shown=Award.Shown.CITY, text="Luque", actor=player, now=now
    )
