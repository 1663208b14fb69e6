from __future__ import annotations

from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Player


def resume_news(*, player_id: int) -> None:
    if not Player.objects.filter(pk=player_id).update(news_stopped_at=None):
        raise PlayerNotFound(player_id)
