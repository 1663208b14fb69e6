"""What staff change about a contact. None of it touches an order. Each says whose contact it changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from raffles.sales.actions import change_language
from whatsapp.conversation.states import State
from whatsapp.models import Contact, Conversation

# A person who has not written for so long has gone, and the bot answers again.
PERSON = timedelta(hours=1)
# Whoever is written to outside the window may see it late, and answers a person.
PERSON_BY_TEMPLATE = timedelta(hours=24)


@transaction.atomic
def reset_conversations(contact_ids: Collection[int], *, now: datetime) -> list[int]:
    """Back to the menu with nothing remembered. What orders hold stays held."""
    rows = Conversation.objects.filter(contact__in=contact_ids)
    changed = _contacts(rows.exclude(state=State.MENU, data={}))
    rows.update(state=State.MENU, data={}, here_since=F("turn"), changed_at=now)
    return changed


@transaction.atomic
def take_chats(contact_ids: Collection[int], *, now: datetime, length: timedelta = PERSON) -> list[int]:
    """From now on a person answers; the bot is silent until it is given back or the time is over.

    Those that nobody had. Who waited for a person has one: after the time they stand at the menu.
    """
    until = now + length
    rows = Conversation.objects.filter(contact__in=contact_ids)
    changed = _contacts(rows.exclude(person_until__gt=now))
    rows.filter(Q(person_until=None) | Q(person_until__lt=until)).update(person_until=until)
    _end_waiting(rows)
    return changed


@transaction.atomic
def give_back(contact_ids: Collection[int]) -> list[int]:
    rows = Conversation.objects.filter(contact__in=contact_ids)
    changed = _contacts(rows.filter(Q(person_until__isnull=False) | Q(state=State.AGENT)))
    rows.filter(person_until__isnull=False).update(person_until=None)
    _end_waiting(rows)
    return changed


def _end_waiting(rows: QuerySet[Conversation]) -> None:
    rows.filter(state=State.AGENT).update(state=State.MENU, data={}, here_since=F("turn"))


def _contacts(rows: QuerySet[Conversation]) -> list[int]:
    """Locked, so that of two who press at once one has changed it and the log says so once."""
    return list(rows.order_by("pk").select_for_update().values_list("contact_id", flat=True))


def block(contact_ids: Collection[int], *, now: datetime) -> list[int]:
    return _mark(contact_ids, blocked_at=now)


def unblock(contact_ids: Collection[int]) -> list[int]:
    return _mark(contact_ids, blocked_at=None)


def mute(contact_ids: Collection[int], *, now: datetime) -> list[int]:
    """The bot answers nothing; messages are kept, receipts reach their orders, notices go on."""
    return _mark(contact_ids, muted_at=now)


def unmute(contact_ids: Collection[int]) -> list[int]:
    return _mark(contact_ids, muted_at=None)


@transaction.atomic
def _mark(contact_ids: Collection[int], **mark: datetime | None) -> list[int]:
    """Only those that were not so already: a second block does not move the instant of the first."""
    rows = Contact.objects.filter(pk__in=contact_ids)
    open_ones = rows.filter(**{f"{name}__isnull": at is not None for name, at in mark.items()})
    changed = list(open_ones.order_by("pk").select_for_update().values_list("pk", flat=True))
    rows.filter(pk__in=changed).update(**mark)
    return changed


def speak(contact: Contact, language: str) -> None:
    """From now on this language, whatever words the player uses, until they ask for another."""
    change_language(player_id=contact.player_id, language=language)
    Contact.objects.filter(pk=contact.pk).update(has_chosen_language=True)
