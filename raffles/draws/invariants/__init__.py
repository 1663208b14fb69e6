"""What must hold of draws at any moment, in words for whoever has to mend it."""

from __future__ import annotations

from datetime import datetime

from raffles.draws.invariants.lateness import late
from raffles.draws.invariants.records import differences
from raffles.draws.models import Draw


def violations(now: datetime) -> list[str]:
    published = Draw.objects.exclude(rule_digest="").order_by("pk")
    return [*late(now), *(line for draw in published for line in differences(draw))]
