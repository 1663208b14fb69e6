"""Who answers a message: the bot, a person, or nobody. Whatever is not answered is kept all the same."""

from __future__ import annotations

from datetime import datetime

from whatsapp.conversation.engine import REPLY_LIFE, take_turn
from whatsapp.inbox.muted import keep_for_staff
from whatsapp.inbox.persons import leave_to_person
from whatsapp.inbox.rush import is_rushing
from whatsapp.inbox.winners import note_winner
from whatsapp.models import Conversation, InboundEvent
from whatsapp.payloads import Inbound, Silent

Silence = InboundEvent.Silence


def answer(conversation: Conversation, event: InboundEvent, message: Inbound, now: datetime) -> str:
    """Why the bot was silent, or nothing where the message had its turn. Whoever locked the chat saves it."""
    contact = conversation.contact
    if isinstance(message, Silent):
        return ""
    if contact.blocked_at is not None:
        return Silence.BLOCKED
    if conversation.is_with_person(now):
        note_winner(contact, message, now)
        leave_to_person(contact, message, now)
        return Silence.PERSON
    if contact.muted_at is not None:
        note_winner(contact, message, now)
        keep_for_staff(conversation, event, message, now)
        return Silence.MUTED
    if now >= event.happened_at + REPLY_LIFE:
        # No answer would leave, and the chat has gone on: what it meant then it does not mean now.
        note_winner(contact, message, now)
        keep_for_staff(conversation, event, message, now)
        return Silence.LATE
    if is_rushing(conversation, now):
        note_winner(contact, message, now)
        keep_for_staff(conversation, event, message, now)
        return Silence.RUSH
    take_turn(contact=contact, conversation=conversation, event=event, message=message, now=now)
    return ""
