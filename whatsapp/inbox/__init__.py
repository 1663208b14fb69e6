"""From stored events to turns: one conversation's messages run one at a time, oldest first.

1. `wake` nudges a worker after the webhook's commit; `drain` looks at the rows, not at the nudge.
2. Statuses and notices about identity come first: they hold no conversation.
3. A sender's messages run in Meta's order. A file is fetched before its turn, beside everybody else's.
4. A turn locks the conversation, re-reads the event, and commits the event with all its effects, or none.
5. What fails is tried again later, a bounded number of times; then it is FAILED, and the next one passes.
"""

from whatsapp.inbox.draining import drain
from whatsapp.inbox.nudges import replay, wake
from whatsapp.inbox.statuses import drain_statuses
from whatsapp.inbox.trouble import note_start

__all__ = ["drain", "drain_statuses", "note_start", "replay", "wake"]
