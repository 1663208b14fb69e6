from __future__ import annotations

from raffles.numbers.errors import RaffleMoveNotAllowed, RaffleNotFound
from raffles.numbers.models import Raffle

Status = Raffle.Status

# Closed is final: whoever saw a raffle closed may rely on it.
MOVES: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.ACTIVE: frozenset({Status.PAUSED, Status.CLOSED}),
    Status.PAUSED: frozenset({Status.ACTIVE, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


def move_raffle(raffle_id: int, *, to: str) -> Raffle:
    """Holds and sales of the raffle stay as they are; only new claims ask for its status."""
    raffle = Raffle.objects.filter(pk=raffle_id).first()
    if raffle is None:
        raise RaffleNotFound(raffle_id)
    moved = to in MOVES[raffle.status] and Raffle.objects.filter(pk=raffle_id, status=raffle.status).update(
        status=to
    )
    if not moved:
        raise RaffleMoveNotAllowed(raffle.code, raffle.status, to)
    raffle.status = to
    return raffle
