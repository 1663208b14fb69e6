from __future__ import annotations

from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Player


def change_language(*, player_id: int, language: str) -> None:
    if not Player.objects.filter(pk=player_id).update(language=language):
        raise PlayerNotFound(player_id)
