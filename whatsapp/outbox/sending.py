"""Sending: rows are claimed in batches, leave in parallel, and are settled as their answers come.

Threads of the pool talk to Meta and touch no row; the one that flushes talks to the database only.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from whatsapp import alone, cloud_api
from whatsapp.cloud_api import CloudApiError, OutcomeUnknown
from whatsapp.contacts import recipient_of
from whatsapp.models import OutboundMessage
from whatsapp.outbox.claims import Claim, claim, seconds_to_next
from whatsapp.outbox.pace import ROUND_SHARE
from whatsapp.outbox.settling import settle
from whatsapp.reactions import reaction_to

logger = logging.getLogger(__name__)

# Meta answers within half a second: 80 messages a second want forty calls at once.
SENDERS = 40
# After so long a flush with nothing on its way leaves the rest to a fresh one. While a call is not answered
# it goes on: Meta may be silent about one message for half a minute, and the others must not wait for it.
FLUSH_SECONDS = 5
# Blue ticks are a courtesy: with so many messages on their way, or so many claimed within one moment, they
# are left out.
BUSY, RUSHED = SENDERS // 2, 4
LOOK_SECONDS = 0.05
# A claim costs nearly the same for one message as for ten: the longer it took, the busier the machine, and
# the more should come together for the next one. A longer rest than five pauses would not fill Meta's pace,
# nor would one after which the round has taken as long as the part of a second that it may fill.
REST_FOR_A_CLAIM, LONGEST_REST = 3, 5
ROUND_SECONDS = ROUND_SHARE - 0.01
NO_LIMIT = sys.maxsize
SETTLE_PATIENCE = (0.2, 1, 2, 4)

# Meta's id of the message, or why there is none.
Outcome: TypeAlias = str | Exception

_pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="outbox")


def flush(*, now: datetime, limit: int = NO_LIMIT) -> int:
    """Send what is due, oldest first, one after another for each contact. Returns how many were tried."""
    return Flush(clock=lambda: now, limit=limit).run()


class Flush:
    """`look_again`: the seconds after which something that was put back is due, None where nothing was.

    The door hands over its clock: what is sent together takes longer than an instant.
    """

    def __init__(self, *, clock: Callable[[], datetime], limit: int = NO_LIMIT) -> None:
        self.look_again: float | None = None
        self._clock, self._begun = clock, time.monotonic()
        self._left = limit
        self._sending: dict[Future[Outcome], OutboundMessage] = {}
        self._ticking: set[Future[None]] = set()
        self._failures_in_row = 0
        self._claim_took = 0.0
        self._is_rushed = False
        # Contacts that have just been sent something. In a rush they get what else waits for them at once:
        # who reads one of two answers and waits a minute for the other writes again, and the queue never
        # ends. How much one person can have before others so, Meta's limit for a pair says.
        self._written_to: set[int] = set()

    def run(self) -> int:
        assert_outside_transaction()
        tried = self._left
        while self._claim_more() or self._calls():
            until = time.monotonic() + rest_after(self._claim_took)
            self._settle_answered()
            # What is queued within one moment is claimed and settled together: alone it costs a turn.
            time.sleep(max(0.0, until - time.monotonic()))
        self.look_again = seconds_to_next(self._clock())
        return tried - self._left

    def _claim_more(self) -> bool:
        """Whether it is worth going round again for what may be claimed."""
        room = min(SENDERS - self._calls(), self._left)
        if room <= 0:
            return False
        if alone.ending.is_set() or (self._is_over() and not self._calls()):
            return False
        found = self._claim(room)
        self._failures_in_row = found.failures_in_row
        if found.rows:
            self._is_rushed, self._written_to = len(found.rows) > RUSHED, set()
        for row in found.rows:
            self._start(row, is_rushed=self._is_rushed)
        if found.wait is not None and not self._sending:
            time.sleep(min(found.wait.total_seconds(), LOOK_SECONDS))
        return bool(found.rows or found.settled) or found.wait is not None

    def _calls(self) -> int:
        """So many threads wait for Meta. What is claimed beyond the others would wait, and its lease runs."""
        self._ticking = {tick for tick in self._ticking if not tick.done()}
        return len(self._sending) + len(self._ticking)

    def _is_over(self) -> bool:
        return time.monotonic() - self._begun > FLUSH_SECONDS

    def _claim(self, room: int) -> Claim:
        """What has left must be settled even when the database has just gone away."""
        began = time.monotonic()
        try:
            return claim(self._clock(), room, first=self._written_to if self._is_rushed else ())
        except (InterfaceError, OperationalError):
            if not self._sending:
                raise
            connection.close()
            return Claim(failures_in_row=self._failures_in_row)
        finally:
            self._claim_took = time.monotonic() - began

    def _start(self, row: OutboundMessage, *, is_rushed: bool) -> None:
        self._left -= 1
        has_time = not is_rushed and self._calls() < BUSY
        if row.attempts == 1 and row.answers is not None and has_time:
            wamid = row.answers.payload.get("message", {}).get("id")
            if wamid:
                self._ticking.add(_pool.submit(_mark_read, wamid))
        self._sending[_pool.submit(_send, row)] = row

    def _settle_answered(self) -> None:
        if not self._sending:
            wait(self._ticking, timeout=LOOK_SECONDS)
            return
        answered, _ = wait(self._sending, timeout=LOOK_SECONDS)
        if not answered:
            return
        outcomes = [(self._sending.pop(future), future.result()) for future in answered]
        self._written_to.update(row.contact_id for row, _ in outcomes)
        self._settle(outcomes)

    def _settle(self, outcomes: list[tuple[OutboundMessage, Outcome]]) -> None:
        """Through a restart of the database: an answer that is not written down would be asked for again."""
        for patience in SETTLE_PATIENCE:
            try:
                return settle(outcomes, at=self._clock(), failures_in_row=self._failures_in_row)
            except (InterfaceError, OperationalError) as error:
                logger.error("%d answers wait for the database: %s", len(outcomes), type(error).__name__)
                connection.close()
                time.sleep(patience)
        return settle(outcomes, at=self._clock(), failures_in_row=self._failures_in_row)


def rest_after(claim_took: float) -> float:
    """In seconds. Never less than a nudge's pause; where nudges do not pause there is no rest either."""
    pause = float(settings.NUDGE_PAUSE_SECONDS)
    longest = min(LONGEST_REST * pause, ROUND_SECONDS - claim_took)
    return max(pause, min(REST_FOR_A_CLAIM * claim_took, longest))


def _send(row: OutboundMessage) -> Outcome:
    """In a thread of the pool: whatever happens is an outcome."""
    by_phone = row.error_code is not None and reaction_to(row.error_code).by_phone
    try:
        recipient = recipient_of(row.contact, by_phone=by_phone)
        return cloud_api.send(row.sent_as or row.content, recipient=recipient, callback=row.mark)
    except Exception as error:  # noqa: BLE001 - settled by the thread that flushes
        return error


def _mark_read(wamid: str) -> None:
    """Best effort: blue ticks must never stand in the way of the reply."""
    try:
        cloud_api.mark_read(wamid)
    except (CloudApiError, OutcomeUnknown) as error:
        logger.info("a message could not be marked as read: %s", type(error).__name__)


def assert_outside_transaction() -> None:
    """A network call inside a transaction would hold its locks for as long as Meta likes."""
    if connection.in_atomic_block:
        raise RuntimeError("a message may not be sent inside a transaction")
