"""What staff change about a contact. None of it touches an order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from raffles.sales.actions import change_language
from whatsapp.models import Contact, Conversation


def reset_conversations(contact_ids: Collection[int], *, now: datetime) -> int:
    """Back to the menu with nothing remembered. What orders hold stays held."""
    conversations = Conversation.objects.filter(contact__in=contact_ids)
    return conversations.update(state="MENU", data={}, changed_at=now)


def block(contact_ids: Collection[int], *, now: datetime) -> int:
    return Contact.objects.filter(pk__in=contact_ids, blocked_at=None).update(blocked_at=now)


def unblock(contact_ids: Collection[int]) -> int:
    return Contact.objects.filter(pk__in=contact_ids, blocked_at__isnull=False).update(blocked_at=None)


def speak(contact: Contact, language: str) -> None:
    """From now on this language, whatever words the player uses, until they ask for another."""
    change_language(player_id=contact.player_id, language=language)
    Contact.objects.filter(pk=contact.pk).update(has_chosen_language=True)
