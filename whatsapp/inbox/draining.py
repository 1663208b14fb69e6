"""Working through what is unread, round by round, until nothing is or the time is over."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, Min, OuterRef

from whatsapp.inbox.fetching import Fetches
from whatsapp.inbox.statuses import drain_notices, drain_statuses, unread
from whatsapp.inbox.turns import take_fetched, unread_of, work_through
from whatsapp.models import InboundEvent

# A drain ends after so long and the next one starts: a worker that is asked to stop must come to an end.
DRAIN_SECONDS = 5
SENDERS_A_ROUND = 40
# A round that found less than this left nothing, and what came meanwhile has its own nudge. Found, not taken:
# of the senders that two workers read at once each takes a part, and others may wait behind them.
FULL_ROUND = SENDERS_A_ROUND


def drain(*, now: datetime) -> int:
    """Work through everything unread that is due, files too. Returns how many events were taken up."""
    return Drain(clock=lambda: now).run()


def _seconds_to_next(at: datetime) -> float | None:
    """What was put back is due then."""
    waiting = InboundEvent.objects.filter(status=InboundEvent.Status.NEW, retry_at__gt=at)
    first: datetime | None = waiting.aggregate(first=Min("retry_at"))["first"]
    return None if first is None else (first - at).total_seconds()


class Drain:
    """`look_again`: the seconds after which something that was put back is due, None where nothing was.

    With `fetches` files come beside this drain, and a later one goes on with them; else it waits for each.
    """

    def __init__(self, *, clock: Callable[[], datetime], fetches: Fetches | None = None) -> None:
        self.look_again: float | None = None
        self._clock, self._begun = clock, time.monotonic()
        self._fetches, self._may_be_more = fetches, True

    def run(self) -> int:
        done = 0
        while self._may_be_more and not self._is_over():
            done += self._round()
        self.look_again = 0 if self._is_over() else _seconds_to_next(self._clock())
        return done

    def _round(self) -> int:
        taken = drain_statuses(now=self._clock()) + drain_notices(now=self._clock()) + self._take_fetched()
        senders = self._senders()
        for events in unread_of(senders).values():
            if self._is_over():
                break
            taken += work_through(events, self._clock(), self._fetches)
        self._may_be_more = max(taken, len(senders)) >= FULL_ROUND
        return taken

    def _take_fetched(self) -> int:
        ended = self._fetches.ended() if self._fetches is not None else []
        for event, found in ended:
            take_fetched(event, found, self._clock())
        return len(ended)

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
