"""How anything a player does leaves the phone: as a webhook on its way and a line in the journal."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import envelopes, pacing
from .addresses import new_wamid
from .courier import enqueue
from .journal import note
from .models import ChatMessage, Phone
from .shapes import Json

# Whether a reaction opens the 24-hour window is not documented, so here it does not; nobody may lean on it.
OPENS_NO_WINDOW = frozenset({"reaction", "system", "edit", "revoke"})


def name_of(phone: Phone) -> str:
    """The same in every run, unlike the user id that Meta makes up."""
    return phone.wa_id or phone.username or phone.bsuid


@transaction.atomic
def send_raw(phone: Phone, message: Json, *, now: datetime | None = None) -> str:
    """Any content whatever, also such as no real phone would make; sender, id and time are Meta's to add."""
    now = now or timezone.now()
    wamid = new_wamid(phone.wa_id or phone.bsuid[-13:])
    kind = str(message.get("type", ""))
    envelope = envelopes.message_envelope(
        phone, envelopes.inbound_message(phone, wamid=wamid, at=now, content=message)
    )
    _remember(phone, message, wamid, now)
    if kind not in OPENS_NO_WINDOW:
        Phone.objects.filter(pk=phone.pk).update(window_opened_at=now)
        phone.window_opened_at = now
    note(kind="said", at=now, wamid=wamid, detail={"type": kind, "user_id": phone.bsuid})
    enqueue(envelope, at=now, subject=name_of(phone), wamid=wamid)
    pacing.heard(now)
    return wamid


def _remember(phone: Phone, message: Json, wamid: str, now: datetime) -> None:
    kind = str(message.get("type", ""))
    content: Any = message.get(kind, {})
    ChatMessage.objects.create(
        phone=phone,
        direction=ChatMessage.Direction.IN,
        wamid=wamid,
        type=kind,
        payload=content if isinstance(content, dict) else {"items": content},
        context_wamid=str(message.get("context", {}).get("id", "")),
        at=now,
        seen_at=now,
    )
