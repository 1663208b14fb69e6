"""How much is measured: enough to trust, or just enough to see that everything runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scale:
    rounds: int = 3
    webhook_posts: int = 12_000
    claim_seconds: float = 5.0
    clients: tuple[int, ...] = (1, 8, 32)
    pick_numbers: int = 1_000_000
    picks: int = 300
    plan_rows: int = 120_000
    # Meta lends a person 40 messages and gives ten a minute: enough people for every scene.
    players: int = 300
    memory_players: int = 1_000
    crowd_players: int = 300
    crowd_sales: int = 600
    turn_seconds: float = 20.0
    latency_seconds: float = 30.0
    mixed_seconds: float = 60.0
    mixed_messages_per_second: int = 80
    memory_warm_up_events: int = 10_000
    memory_events: int = 100_000
    rest_seconds: float = 10.0
    warm_up_seconds: float = 3.0
    receipts: int = 60
    old_receipts: int = 100_000
    api_tickets: tuple[int, int] = (1_000, 1_000_000)
    api_seconds: float = 1.0
    desk_waiting: int = 400
    desk_staff: int = 5
    desk_seconds: float = 60.0


QUICK = Scale(
    rounds=1,
    webhook_posts=200,
    claim_seconds=0.3,
    clients=(1, 2),
    pick_numbers=20_000,
    picks=5,
    plan_rows=20_000,
    players=40,
    memory_players=40,
    crowd_players=5,
    crowd_sales=2,
    turn_seconds=1.5,
    latency_seconds=1.5,
    mixed_seconds=1.5,
    mixed_messages_per_second=10,
    memory_warm_up_events=40,
    memory_events=120,
    rest_seconds=5.0,
    warm_up_seconds=1.0,
    receipts=3,
    old_receipts=3_000,
    api_tickets=(1_000, 2_000),
    api_seconds=0.2,
    desk_waiting=5,
    desk_staff=2,
    desk_seconds=4.0,
)


@dataclass(frozen=True)
class Where:
    """The addresses of a run: PostgreSQL may be absent, and Redis too; SQLite is always there."""

    folder: Path
    postgres: str
    redis: str
