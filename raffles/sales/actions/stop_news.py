from __future__ import annotations

from datetime import datetime

from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Player


def stop_news(*, player_id: int, now: datetime) -> None:
    """The first stop is the one that counts and stays."""
    player = Player.objects.filter(pk=player_id)
    if not player.exists():
        raise PlayerNotFound(player_id)
    player.filter(news_stopped_at=None).update(news_stopped_at=now)
