"""What staff do to contacts and to the number, for the audit log; contacts by their key, not by a phone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from raffles.audit.models import Deed
from raffles.audit.recording import record
from whatsapp.models import BusinessNumber, Contact, InboundMedia

MOST_IDS = 100


def note_changes(
    contact_ids: Iterable[int],
    name: str,
    *,
    user: Any,
    before: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Of those that were changed and no others: blocked twice, somebody was blocked once."""
    for pk in contact_ids:
        after = {"change": name, **(told or {})}
        record(
            Deed.CONTACT_CHANGED,
            subject=Contact(pk=pk),
            label=f"#{pk}",
            user=user,
            before=before,
            after=after,
        )


def note_written(contact: Contact, *, user: Any) -> None:
    """That somebody wrote; the words are in the chat."""
    record(Deed.MESSAGE_WRITTEN, subject=contact, label=f"#{contact.pk}", user=user)


def note_note_written(contact: Contact, *, user: Any) -> None:
    """The words are in the chat, where fewer people read them."""
    record(Deed.NOTE_WRITTEN, subject=contact, label=f"#{contact.pk}", user=user)


def note_chat_seen(contact: Contact, *, user: Any) -> None:
    record(Deed.CHAT_SEEN, subject=contact, label=f"#{contact.pk}", user=user)


def note_file_seen(media: InboundMedia, *, user: Any) -> None:
    record(Deed.FILE_SEEN, subject=media, label=f"#{media.pk}", user=user)


def note_repeated(deed: Deed, ids: Collection[int], done: int, *, user: Any) -> None:
    """One line for all that were chosen; those that had not failed stayed as they were."""
    if done:
        record(deed, user=user, after={"rows": done, "ids": sorted(ids)[:MOST_IDS]})


def note_switch(number: BusinessNumber, step: str, reason: str, *, user: Any) -> None:
    record(
        Deed.SENDING_SWITCHED,
        subject=number,
        label=number.phone_number_id,
        user=user,
        after={"step": step},
        reason=reason,
    )
