from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.numbers.errors import RaffleMoveNotAllowed, RaffleNotFound
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor

Status = Raffle.Status

# Closed is final: whoever saw a raffle closed may rely on it.
MOVES: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.ACTIVE: frozenset({Status.PAUSED, Status.CLOSED}),
    Status.PAUSED: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


def move_raffle(raffle_id: int, *, to: str, actor: Actor, now: datetime) -> Raffle:
    """Holds and sales of the raffle stay as they are; only new claims ask for its status."""
    raffle = Raffle.objects.filter(pk=raffle_id).first()
    if raffle is None:
        raise RaffleNotFound(raffle_id)
    old = raffle.status
    if to not in MOVES[old]:
        raise RaffleMoveNotAllowed(raffle.code, old, to)
    with transaction.atomic():
        if not Raffle.objects.filter(pk=raffle_id, status=old).update(status=to):
            raise RaffleMoveNotAllowed(raffle.code, old, to)
        raffle.status = to
        _note_move(raffle, old, actor, now)
    return raffle


def _note_move(raffle: Raffle, old: str, actor: Actor, now: datetime) -> None:
    record(
        Deed.RAFFLE_MOVED,
        subject=raffle,
        label=raffle.code,
        user=actor.user,
        actor=actor.label,
        before={"status": old},
        after={"status": raffle.status},
        now=now,
    )
