"""What staff do to the plan of a draw, for the audit log: which field, from what, to what."""

from __future__ import annotations

from typing import Any

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.admin.forms import OF_ALL, OF_LOTTERIES
from raffles.draws.models import Draw, Prize


def plan_of(draw_id: int) -> dict[str, Any]:
    """As the database has it."""
    stored = Draw.objects.get(pk=draw_id)
    prizes = [_prize(prize) for prize in stored.prizes.order_by("rank")]
    return {**{name: getattr(stored, name) for name in (*OF_ALL, *OF_LOTTERIES)}, "prizes": prizes}


def note_plan(draw: Draw, before: dict[str, Any], *, user: Any) -> None:
    after = plan_of(draw.pk)
    was = {name: value for name, value in before.items() if value != after[name]}
    now = {name: after[name] for name in was}
    if was:
        record(Deed.DRAW_CHANGED, subject=draw, label=draw.code, user=user, before=was, after=now)


def _prize(prize: Prize) -> str:
    amount = "" if prize.amount_minor is None else f" {prize.amount_minor} {prize.currency}"
    picture = " +picture" if prize.picture else ""
    return f"{prize.rank}. {prize.label} × {prize.quantity}{amount}{picture}"
