from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.draws.lookups import locked_draw
from raffles.draws.models import Award
from raffles.draws.winners import come_forward, own_awards, readable, show
from raffles.sales.models import Actor


def answer_award(
    *, draw_id: int, player_id: int, shown: str, text: str = "", actor: Actor, now: datetime
) -> list[Award]:
    """The winner says what may be shown of them, and has come forward with that.

    Raises NothingWon where the player has no prize, NameMissing where `text` cannot be shown.
    """
    text = readable(shown, text)
    with transaction.atomic():
        awards = own_awards(locked_draw(draw_id), player_id)
        come_forward(awards, actor, now)
        show(awards, shown, text, actor, now)
        return awards
