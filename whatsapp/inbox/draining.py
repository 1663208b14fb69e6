"""Working through what is unread, round by round, until nothing is or the time is over."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, Min, OuterRef

from whatsapp.inbox.statuses import drain_notices, drain_statuses, unread
from whatsapp.inbox.turns import unread_of, work_through
from whatsapp.models import InboundEvent

# A drain ends after so long and the next one starts: a worker that is asked to stop must come to an end.
DRAIN_SECONDS = 5
SENDERS_A_ROUND = 40
# After a round that took less than this nothing was left, and what came meanwhile has its own nudge.
FULL_ROUND = SENDERS_A_ROUND


def drain(*, now: datetime) -> int:
    """Work through everything unread that is due. Returns how many events were taken up."""
    return Drain(clock=lambda: now).run()


def _seconds_to_next(at: datetime) -> float | None:
    """What was put back is due then."""
    waiting = InboundEvent.objects.filter(status=InboundEvent.Status.NEW, retry_at__gt=at)
    first: datetime | None = waiting.aggregate(first=Min("retry_at"))["first"]
    return None if first is None else (first - at).total_seconds()


class Drain:
    """`look_again`: the seconds after which something that was put back is due, None where nothing was."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self.look_again: float | None = None
        self._clock, self._begun = clock, time.monotonic()

    def run(self) -> int:
        done, taken = 0, FULL_ROUND
        while taken >= FULL_ROUND and not self._is_over():
            taken = self._round()
            done += taken
        self.look_again = 0 if self._is_over() else _seconds_to_next(self._clock())
        return done

    def _round(self) -> int:
        taken = drain_statuses(now=self._clock()) + drain_notices(now=self._clock())
        for events in unread_of(self._senders()).values():
            if self._is_over():
                break
            taken += work_through(events, self._clock())
        return taken

    def _senders(self) -> list[str]:
        """Who has waited longest, in no order among them: two workers should not meet at each door.

        Who has a message that is tried again later is left out: the others would wait behind them.
        """
        now = self._clock()
        messages = unread(now).filter(kind=InboundEvent.Kind.MESSAGE)
        retried = InboundEvent.objects.filter(
            sender=OuterRef("sender"), status=InboundEvent.Status.NEW, retry_at__gt=now
        )
        waiting = (
            messages.filter(~Exists(retried)).values("sender").annotate(first=Min("id")).order_by("first")
        )
        senders = [row["sender"] for row in waiting[:SENDERS_A_ROUND]]
        random.shuffle(senders)
        return senders

    def _is_over(self) -> bool:
        return time.monotonic() - self._begun > DRAIN_SECONDS
