from __future__ import annotations

from raffles.sales.models import Player


def change_phone(*, player_id: int, old: str, new: str) -> None:
    """International with its plus, or empty. A phone that staff have written down instead stays."""
    Player.objects.filter(pk=player_id, phone=old).update(phone=new)
