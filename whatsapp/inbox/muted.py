"""The bot does not answer a player. What must not be lost is done without a word: receipts, stops, calls."""

from __future__ import annotations

from datetime import datetime

from raffles.desk.actions import call_person, report_stray_receipt
from raffles.sales.actions import stop_news
from whatsapp.conversation.engine import take_receipt
from whatsapp.conversation.states import Word
from whatsapp.conversation.turn import read_tap
from whatsapp.conversation.words import meaning_of
from whatsapp.models import Conversation, InboundEvent
from whatsapp.payloads import FileSent, Inbound, Said, Tapped


def keep_for_staff(conversation: Conversation, event: InboundEvent, message: Inbound, now: datetime) -> None:
    contact = conversation.contact
    if isinstance(message, FileSent):
        if not take_receipt(
            contact=contact, conversation=conversation, event=event, message=message, now=now
        ):
            report_stray_receipt(player_id=contact.player_id, now=now)
        return
    word = _word(message)
    if word == Word.STOP:
        stop_news(player_id=contact.player_id, now=now)
    elif word == Word.AGENT:
        call_person(player_id=contact.player_id, now=now)


def _word(message: Inbound) -> Word | None:
    if isinstance(message, Tapped):
        return Word.AGENT if read_tap(message.reply_id).verb == "person" else None
    meaning = meaning_of(message.text) if isinstance(message, Said) else None
    return meaning[0] if meaning else None
