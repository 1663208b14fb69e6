"""How long players waited, by the simulator's clock at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.rehearsal.books import Books
from config.rehearsal.history import History

META_SLOW_MS = 1_000


@dataclass(frozen=True)
class Waits:
    """Seconds from a player's message to the reply on the phone; webhooks in milliseconds."""

    turns: int
    turns_per_second: float
    p50: float
    p95: float
    p99: float
    slowest: float
    webhooks: int
    webhook_p50_ms: float
    webhook_slow_share: float


def measured(history: History, books: Books) -> Waits:
    said_at = {said.wamid: said.at for said in history.said}
    came_at: dict[str, float] = {}
    for sent in history.sent:
        came_at[sent.row] = min(sent.at, came_at.get(sent.row, sent.at))
    pairs = [
        (said_at[row.answers], came_at[f"outbox:{row.pk}"])
        for row in books.messages
        if row.answers in said_at and f"outbox:{row.pk}" in came_at
    ]
    waits = sorted(max(0.0, came - said) for said, came in pairs)
    length = max((came for _, came in pairs), default=0.0) - min((said for said, _ in pairs), default=0.0)
    slow = sum(ms > META_SLOW_MS for ms in history.webhook_ms)
    return Waits(
        turns=len(pairs),
        turns_per_second=len(pairs) / length if length else 0.0,
        p50=share_of(waits, 0.50),
        p95=share_of(waits, 0.95),
        p99=share_of(waits, 0.99),
        slowest=waits[-1] if waits else 0.0,
        webhooks=len(history.webhook_ms),
        webhook_p50_ms=share_of(sorted(history.webhook_ms), 0.50),
        webhook_slow_share=slow / len(history.webhook_ms) if history.webhook_ms else 0.0,
    )


def share_of(ordered: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
