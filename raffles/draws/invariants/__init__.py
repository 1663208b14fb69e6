"""What must hold of draws at any moment, in words for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from raffles.draws.errors import DrawNotFound
from raffles.draws.invariants.lateness import late
from raffles.draws.invariants.records import differences
from raffles.draws.models import Draw


def violations(now: datetime) -> list[str]:
    published = Draw.objects.exclude(rule_digest="").order_by("pk")
    return [*late(now), *(line for draw in published for line in _of(draw))]


def _of(draw: Draw) -> Iterable[str]:
    try:
        return list(differences(draw))
    except DrawNotFound:
        return [
            f"Draw {draw.code} is published and what it draws is gone: compare the database with its last "
            "copy and put its raffle back."
        ]
