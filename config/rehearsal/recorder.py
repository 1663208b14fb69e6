"""The simulator's journal as a history. Runs where the simulator's rows are."""

from __future__ import annotations

from collections.abc import Iterator

from config.rehearsal.history import History, Said, Sent, text_of
from whatsapp.simulator import journal
from whatsapp.simulator.crowd import Crowd
from whatsapp.simulator.models import ChatMessage, JournalEntry, Phone

SHORTEST_PRIVATE_TEXT = 12


def recorded(crowd: Crowd) -> History:
    return History(
        said=list(_said()),
        sent=list(_sent()),
        webhook_ms=journal.answer_times(),
        undelivered=undelivered(),
        private_words=_private_words(),
        troubles=crowd.standing()["troubles"],
    )


def undelivered() -> int:
    return journal.undelivered().count()


def _said() -> Iterator[Said]:
    notes = JournalEntry.objects.order_by("pk")
    accepted = set(notes.filter(kind="webhook_accepted").values_list("wamid", flat=True))
    told = notes.filter(kind__in=("said", "number_changed"))  # both are messages of the webhook
    for wamid, at in told.values_list("wamid", "at").iterator():
        yield Said(wamid, at.timestamp(), wamid in accepted)


def _sent() -> Iterator[Sent]:
    failed = set(JournalEntry.objects.filter(kind="failed").values_list("wamid", flat=True))
    for mark, messages in journal.accepted().items():
        for message in messages:
            yield Sent(
                wamid=message.wamid,
                mark=mark,
                address=message.recipient,
                text=text_of(message.content),
                at=message.at.timestamp(),
                has_failed=message.wamid in failed,
            )


def _private_words() -> list[str]:
    """Short words are everybody's: only what is long enough to be somebody's is looked for."""
    words: set[str] = set()
    for name, number, user_id in Phone.objects.values_list("profile_name", "wa_id", "bsuid"):
        words |= {name, number, user_id}
    said = ChatMessage.objects.filter(direction=ChatMessage.Direction.IN, type="text")
    texts = (str(payload.get("body", "")) for payload in said.values_list("payload", flat=True).distinct())
    return sorted(words | {text for text in texts if len(text) >= SHORTEST_PRIVATE_TEXT})
