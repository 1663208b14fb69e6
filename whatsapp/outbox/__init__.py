"""Messages leave here. Row first, nudge on commit, sweep for the lost.

1. `queue` writes a row in the transaction of what it tells.
2. `flush` claims the first unsent row of each contact (QUEUED -> SENDING, with a lease), within Meta's pace.
3. It sends outside every transaction, in parallel, and settles: SENT, QUEUED with a delay, WAITING or FAILED.
4. An unknown outcome stays SENDING until a status names it by our mark, or the lease runs out.
5. `note_statuses` raises SENT to DELIVERED and READ; never back.
"""

from whatsapp.outbox.leases import drop_outdated, release_expired_leases, say_again, seconds_to_next_lease
from whatsapp.outbox.nudges import wake, wake_later
from whatsapp.outbox.refusals import pause_for
from whatsapp.outbox.rows import queue, release_waiting, requeue
from whatsapp.outbox.sending import assert_outside_transaction, flush
from whatsapp.outbox.statuses import note_status, note_statuses

__all__ = [
    "assert_outside_transaction",
    "drop_outdated",
    "flush",
    "note_status",
    "note_statuses",
    "pause_for",
    "queue",
    "release_expired_leases",
    "release_waiting",
    "requeue",
    "say_again",
    "seconds_to_next_lease",
    "wake",
    "wake_later",
]
