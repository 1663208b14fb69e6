from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import DrawMoveNotAllowed
from raffles.draws.lookups import locked_draw
from raffles.draws.models import Prize


def set_prize_picture(
    *, draw_id: int, rank: int, picture: File[bytes] | None, by: User, now: datetime
) -> Prize:
    """Another picture, or none: it is no term of the rule, so it changes at any time and without a version.

    Whether it is a picture the caller has looked at. Raises DrawMoveNotAllowed where no prize has that rank.
    """
    with transaction.atomic():
        draw = locked_draw(draw_id)
        prize = draw.prizes.filter(rank=rank).first()
        if prize is None:
            raise DrawMoveNotAllowed(draw.code, draw.status)
        before = prize.picture.name or ""
        if picture is None:
            prize.picture = ""
            prize.save(update_fields=["picture"])
        else:
            prize.picture.save(picture.name or "picture", picture)
        _record(prize, before, by, now)
        return prize


def _record(prize: Prize, before: str, by: User, now: datetime) -> None:
    record(
        Deed.PRIZE_PICTURE_CHANGED,
        subject=prize.draw,
        label=prize.draw.code,
        user=by,
        before={"rank": prize.rank, "picture": before},
        after={"rank": prize.rank, "picture": prize.picture.name or ""},
        now=now,
    )
