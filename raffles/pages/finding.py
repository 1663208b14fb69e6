"""What is public of all there is: no draft, and no draw without a published rule."""

from __future__ import annotations

from django.http import Http404

from raffles.draws.models import Draw
from raffles.draws.queries import draw_by_code
from raffles.numbers.models import Raffle
from raffles.numbers.queries import raffle_by_code


def public_raffle(code: str) -> Raffle:
    raffle = raffle_by_code(code)
    if raffle is None:
        raise Http404("raffle")
    return raffle


def public_draw(code: str) -> tuple[Draw, Raffle]:
    draw = draw_by_code(code)
    raffle = Raffle.objects.filter(draw=draw).exclude(status=Raffle.Status.DRAFT).first() if draw else None
    if draw is None or raffle is None or not draw.rule_digest:
        raise Http404("draw")
    return draw, raffle


def draw_of(raffle: Raffle) -> Draw | None:
    """Where its rule was published."""
    draw = raffle.draw
    return draw if draw and draw.status != Draw.Status.PLANNED and draw.rule_digest else None
