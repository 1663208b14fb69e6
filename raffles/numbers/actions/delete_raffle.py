from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.numbers.drawing import forget_plan, is_only_planned
from raffles.numbers.errors import RaffleHasOrders, RaffleNotFound, RafflePublished
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor

# So that somebody can make it again.
TOLD = ("title", "price_minor", "currency", "first_number", "last_number", "draw_at")


def delete_raffle(*, raffle_id: int, actor: Actor, now: datetime) -> None:
    """A draft, with the plan of its draw: nobody outside has seen either.

    Raises RaffleNotFound, RaffleHasOrders or RafflePublished.
    """
    with transaction.atomic():
        raffle = Raffle.objects.select_for_update(of=("self",)).filter(pk=raffle_id).first()
        if raffle is None:
            raise RaffleNotFound(raffle_id)
        _require_unseen(raffle)
        record(
            Deed.RAFFLE_DELETED,
            subject=raffle,
            label=raffle.code,
            user=actor.user,
            actor=actor.label,
            before={name: getattr(raffle, name) for name in TOLD},
            now=now,
        )
        raffle.delete()
        forget_plan(raffle)


def _require_unseen(raffle: Raffle) -> None:
    if raffle.tickets.exists():
        raise RaffleHasOrders(raffle.code)
    if raffle.status != Raffle.Status.DRAFT or not is_only_planned(raffle):
        raise RafflePublished(raffle.code)
