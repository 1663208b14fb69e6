"""The first unsent message of each contact, oldest first, read a little at a time.

What is being sent, and what is not yet due, holds up what comes after it for the same contact. Whoever looks
stops at the first that suits: the cost of a look is what it passes on its way, not the length of the queue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from whatsapp.models import OutboundMessage
from whatsapp.outbox import pace

Status = OutboundMessage.Status
# Rows of the first reading; each further one is so many times larger, so that their number stays small.
FIRST_WINDOW, GROWTH = 50, 4
COLUMNS = ("pk", "contact_id", "next_try_at", "contact__paced_until")


class Head(NamedTuple):
    pk: int
    contact_id: int
    next_try_at: datetime | None
    paced_until: datetime | None

    def is_due(self, at: datetime) -> bool:
        return self.next_try_at is None or self.next_try_at <= at

    def may_leave(self, at: datetime) -> bool:
        return self.is_due(at) and pace.is_within_pair_limit(self.paced_until, at)


def heads(first: Collection[int] = ()) -> Iterator[Head]:
    """`first`: contacts whose turn it is before all others', however late their messages were queued."""
    sending = OutboundMessage.objects.filter(status=Status.SENDING).order_by("pk")
    held_up: set[int] | None = None
    for row in chain(_queued_of(first), _queued()):
        if held_up is None:  # asked for only where something is queued
            held_up = set(sending.values_list("contact_id", flat=True))
        if row.contact_id not in held_up:
            held_up.add(row.contact_id)
            yield row


def _queued_of(contacts: Collection[int]) -> Iterator[Head]:
    if contacts:
        rows = OutboundMessage.objects.filter(status=Status.QUEUED, contact_id__in=contacts).order_by("pk")
        yield from (Head(*row) for row in rows.values_list(*COLUMNS)[:FIRST_WINDOW])


def _queued() -> Iterator[Head]:
    after, window = 0, FIRST_WINDOW
    while True:
        rows = OutboundMessage.objects.filter(status=Status.QUEUED, pk__gt=after).order_by("pk")
        found = [Head(*row) for row in rows.values_list(*COLUMNS)[:window]]
        yield from found
        if len(found) < window:
            return
        after, window = found[-1].pk, window * GROWTH
