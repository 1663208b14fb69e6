"""Where the bot is silent a winner's word counts all the same: no prize is lost, and no name stays public."""

from __future__ import annotations

from datetime import datetime

from whatsapp.conversation.flow import LASTING
from whatsapp.conversation.states import Word
from whatsapp.conversation.steps.prizes import claim_all, hide_all
from whatsapp.conversation.turn import read_tap
from whatsapp.conversation.words import meaning_of
from whatsapp.models import Contact
from whatsapp.payloads import Inbound, Said, Tapped


def note_winner(contact: Contact, message: Inbound, now: datetime) -> None:
    """Staff hear that a winner has come forward, and do the rest."""
    word = _word(message)
    if word == Word.PRIZE:
        claim_all(player_id=contact.player_id, now=now)
    elif word == Word.HIDE:
        hide_all(player_id=contact.player_id, now=now)


def _word(message: Inbound) -> Word | None:
    if isinstance(message, Tapped):
        return Word.PRIZE if read_tap(message.reply_id).verb in LASTING else None
    meaning = meaning_of(message.text) if isinstance(message, Said) else None
    return meaning[0] if meaning else None
