"""Why a message has not arrived, in words for whoever runs the raffle; Meta's own follow in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from whatsapp.models import OutboundMessage
from whatsapp.outbox.claims import NO_TEMPLATE, OUT_OF_DATE
from whatsapp.reactions import reaction_to

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What the table of reactions has no advice for, because nobody can do anything about it.
REASONS: dict[int, _StrPromise] = {
    130472: _("Meta holds this message back from the player for a test of its own."),
    131021: _("The player's number is the number we send from."),
    131026: _("WhatsApp cannot deliver to this player: not on WhatsApp, an old app, or we were blocked."),
    131047: _("The player has not written for 24 hours."),
    131049: _("Meta holds messages to this player back for a day, because they get too many."),
    131050: _("The player has told Meta that they want no more offers."),
    131056: _("Too many messages to this player within a short time; it is tried again."),
}
OURS: dict[str, _StrPromise] = {
    OUT_OF_DATE: _("Out of date before it could leave."),
    NO_TEMPLATE: _("It waits: the player has not written for 24 hours and no approved message says this."),
}


def why(message: OutboundMessage) -> str:
    """Empty where nothing is wrong."""
    if message.error_code is None:
        return str(OURS.get(message.error, message.error))
    told = " ".join(part for part in (str(message.error_code), message.error) if part)
    words = _reason(message.error_code)
    return f"{words} ({told})" if words else told


def _reason(code: int) -> str:
    advice = reaction_to(code).advice
    return str(REASONS[code]) if code in REASONS else _now(advice) if advice else ""
