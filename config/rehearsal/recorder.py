"""The simulator's journal as a history. Runs where the simulator's rows are."""

from __future__ import annotations

from config.rehearsal.history import History, Said, Sent, text_of
from whatsapp.simulator.crowd import Crowd
from whatsapp.simulator.models import ChatMessage, JournalEntry, Phone, WebhookDelivery

SHORTEST_PRIVATE_TEXT = 12


def recorded(crowd: Crowd) -> History:
    notes = JournalEntry.objects.order_by("pk")
    accepted = set(notes.filter(kind="webhook_accepted").values_list("wamid", flat=True))
    failed = set(notes.filter(kind="failed").values_list("wamid", flat=True))
    return History(
        said=[
            Said(wamid, at.timestamp(), wamid in accepted)
            for wamid, at in notes.filter(kind="said").values_list("wamid", "at")
        ],
        sent=[
            Sent(
                wamid=note.wamid,
                mark=note.callback_data,
                address=str(note.detail.get("recipient") or note.detail.get("to") or ""),
                text=text_of(note.detail),
                at=note.at.timestamp(),
                has_failed=note.wamid in failed,
            )
            for note in notes.filter(kind="accepted").iterator()
        ],
        webhook_ms=_webhook_ms(),
        undelivered=undelivered(),
        private_words=_private_words(),
        troubles=crowd.standing()["troubles"],
    )


def undelivered() -> int:
    return WebhookDelivery.objects.filter(delivered_at=None).count()


def _webhook_ms() -> list[float]:
    noted = JournalEntry.objects.filter(kind="webhook_accepted").values_list("detail", flat=True)
    return [float(detail["ms"]) for detail in noted if "ms" in detail]


def _private_words() -> list[str]:
    """Short words are everybody's: only what is long enough to be somebody's is looked for."""
    words: set[str] = set()
    for name, number, user_id in Phone.objects.values_list("profile_name", "wa_id", "bsuid"):
        words |= {name, number, user_id}
    said = ChatMessage.objects.filter(direction=ChatMessage.Direction.IN, type="text")
    texts = (str(payload.get("body", "")) for payload in said.values_list("payload", flat=True).distinct())
    return sorted(words | {text for text in texts if len(text) >= SHORTEST_PRIVATE_TEXT})
