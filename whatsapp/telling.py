"""How a notice is told: in the player's language, once, and late as a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import override

from raffles.sales.models import Player
from whatsapp import outbox
from whatsapp.messages import Bubble, TemplateCall
from whatsapp.models import Contact, OutboundMessage

# Buttons of notices are right whenever they are pressed, so they carry no turn.
NO_TURN = 0


@dataclass(frozen=True)
class Notice:
    """What is said, and what says it once the 24-hour window is closed."""

    bubble: Bubble
    template: TemplateCall


def tell_player(
    player_id: int, key: str, notice: Notice | None, at: datetime, life: timedelta | None = None
) -> None:
    """Players who came by another door have no contact: they are told there."""
    contact = Contact.objects.filter(player_id=player_id).first()
    if contact is None or notice is None:
        return
    not_after = at + life if life else None
    outbox.queue(
        contact, notice.bubble, dedupe_key=key, now=at, not_after=not_after, template=notice.template
    )


def untold(players: QuerySet[Player], prefix: str) -> QuerySet[Player]:
    """Of these who can be written to and has no message yet under `prefix` and their key; in order."""
    key = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
    told = OutboundMessage.objects.filter(dedupe_key=key)
    return players.filter(~Exists(told), contact__isnull=False).order_by("pk")


def in_language_of(player: Player) -> override:
    known = player.language in dict(settings.LANGUAGES)
    return override(player.language if known else settings.LANGUAGE_CODE)
