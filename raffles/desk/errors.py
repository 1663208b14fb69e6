from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from raffles.sales.errors import Refusal


@dataclass(eq=False)
class CardTaken(Refusal):
    """Somebody else has it open; `reviewer_id` is what a take-over must name."""

    reviewer_id: int
    reviewer: str
    since: datetime


@dataclass(eq=False)
class CardNotYours(Refusal):
    """The lease ran out, or somebody took the card over."""


@dataclass(eq=False)
class NothingToReview(Refusal):
    code: str


@dataclass(eq=False)
class OrderChanged(Refusal):
    """It is no longer what the reviewer looked at."""

    code: str


@dataclass(eq=False)
class DecidedAlready(Refusal):
    code: str
    by: str


@dataclass(eq=False)
class UndoTooLate(Refusal):
    code: str
