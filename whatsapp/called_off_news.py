"""A draw that was called off: a sweep tells everybody who played why, a hundred at a time.

There may be thousands of them, and refunds follow one by one. Who was told is known by the message.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from raffles.draws.models import Draw
from raffles.draws.subjects import subject_of
from raffles.numbers.queries import players_at
from raffles.sales.models import Player
from whatsapp.messages import Text
from whatsapp.telling import Notice, in_language_of, tell_player, untold
from whatsapp.templates import calls
from whatsapp.texts import draws, links

AT_ONCE = 100
# Later somebody has long spoken with them.
NEWS_FOR = timedelta(days=30)


def tell_called_off(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Whose order held numbers when the draw was called off; returns how many were told now."""
    told = 0
    for draw in _fresh(now):
        with transaction.atomic():
            assert draw.called_off_at is not None  # noqa: S101 - by this they were found
            players = untold(players_at(draw, draw.called_off_at), _key(draw, ""))[: limit - told]
            for player in players:
                _tell(draw, player, now)
            told += len(players)
    return told


def _fresh(now: datetime) -> QuerySet[Draw]:
    gone = Draw.objects.filter(status=Draw.Status.CALLED_OFF, called_off_at__gt=now - NEWS_FOR)
    return gone.order_by("pk")


def _tell(draw: Draw, player: Player, now: datetime) -> None:
    """Also to who said stop: it is about what they have bought."""
    title, link = subject_of(draw).terms(draw).title, links.draw_page(draw.code)
    about = {"title": title, "reason": draw.called_off_reason, "link": link}
    with in_language_of(player):
        notice = Notice(Text(draws.called_off_news(**about)), calls.draw_called_off(**about))
    tell_player(player.pk, _key(draw, str(player.pk)), notice, now)


def _key(draw: Draw, player: str) -> str:
    return f"draw:{draw.pk}:called_off:{player}"
