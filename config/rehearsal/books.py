"""What the product's rows say, read once everything has come to rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    pk: int
    wamid: str
    status: str


@dataclass(frozen=True)
class Purchase:
    pk: int
    code: str
    status: str
    is_overdue: bool


@dataclass(frozen=True)
class Claim:
    raffle: str
    number: int
    order: int
    status: str


@dataclass(frozen=True)
class Message:
    """`answers`: Meta's id of the player's message that this one replies to."""

    pk: int
    key: str
    status: str
    wamid: str
    text: str
    answers: str
    is_due: bool
    error_code: int


@dataclass(frozen=True)
class Books:
    events: list[Event] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    doctor: list[str] = field(default_factory=list)


def read_books(path: Path) -> Books:
    told: dict[str, Any] = json.loads(path.read_text())
    return Books(
        events=[Event(**each) for each in told["events"]],
        purchases=[Purchase(**each) for each in told["purchases"]],
        claims=[Claim(**each) for each in told["claims"]],
        messages=[Message(**each) for each in told["messages"]],
        doctor=told["doctor"],
    )
