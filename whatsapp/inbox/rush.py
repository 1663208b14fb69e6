"""Two machines that answer each other would go on for ever, and every answer costs money."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp.models import Conversation

RUSH = timedelta(hours=1)
# A person who buys the whole day long does not reach this within an hour.
MOST_TURNS = 200


def is_rushing(conversation: Conversation, now: datetime) -> bool:
    """Counts this turn; whoever asks saves the count. Once there were too many the hour passes in silence."""
    began = conversation.rush_began_at
    if began is None or now >= began + RUSH:
        began, conversation.rush_turns = now, 0
    conversation.rush_began_at, conversation.rush_turns = began, conversation.rush_turns + 1
    if conversation.rush_turns == MOST_TURNS + 1:
        _alert(conversation, now)
    return conversation.rush_turns > MOST_TURNS


def _alert(conversation: Conversation, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("A contact wrote too often to be a person and gets no answer for an hour: look at the chat.")
    subject = f"rush:{conversation.pk}:{now.timestamp():.0f}"
    alert_staff(
        kind="ACCOUNT_NOTICE", subject=subject, text=text, now=now, player_id=conversation.contact.player_id
    )
