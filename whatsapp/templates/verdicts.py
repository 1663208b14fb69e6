"""What Meta decides about a wording, told by webhook: onto its row, at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from whatsapp.models import MessageTemplate
from whatsapp.templates.filling import places
from whatsapp.templates.syncing import STATES, Status, change, reason_in, row_of

__all__ = ["change", "is_bad_news", "reason_in", "row_of", "take", "take_text"]

GOOD = (Status.APPROVED, Status.PENDING)


def take(row: MessageTemplate, event: str, *, reason: str, meta_id: str, now: datetime) -> bool:
    """A word that is not known (FLAGGED among them) says nothing about whether the wording may be used.

    Accepted: two that change places leave the older state, until the look of the hour.
    """
    columns: dict[str, Any] = {"meta_id": meta_id[:64]} if meta_id else {}
    if event in STATES:
        columns |= {"status": STATES[event], "reason": reason[:255]}
    return change(row, columns, now)


def is_bad_news(event: str) -> bool:
    return STATES.get(event) not in GOOD


def take_text(row: MessageTemplate, body: str, now: datetime) -> bool:
    """A text with other values than the notice gives is not used: `content_for` looks."""
    return change(row, {"body": body, "parameters": places(body)}, now)
