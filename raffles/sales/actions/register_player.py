from __future__ import annotations

from datetime import datetime

from raffles.sales.models import Player


def register_player(*, name: str, language: str, phone: str, now: datetime) -> Player:
    return Player.objects.create(name=name.strip()[:120], language=language, phone=phone, created_at=now)
