"""What the phone page shows, as plain data."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from .graph import PHONE_NUMBER
from .models import ChatMessage, Phone
from .shapes import Json

PLAYERS_SHOWN = 60
MESSAGES_SHOWN = 250
VISIBLE = ~Q(direction="out", status="failed") & ~Q(type__in=("edit", "revoke"))


def screen(open_phone: Phone | None, now: datetime) -> Json:
    players = _players(open_phone)
    newest = ChatMessage.objects.in_bulk([phone.last_pk for phone in players if phone.last_pk])
    return {
        "business": PHONE_NUMBER["verified_name"],
        "players": [_player(phone, newest.get(phone.last_pk), now) for phone in players],
        "chat": None if open_phone is None else _chat(open_phone),
    }


def _players(open_phone: Phone | None) -> list[Any]:
    rows = _with_last_message()
    latest = list(rows.order_by(F("last_pk").desc(nulls_last=True), "pk")[:PLAYERS_SHOWN])
    if open_phone is not None and open_phone not in latest:
        latest.append(rows.get(pk=open_phone.pk))
    return latest


def _with_last_message() -> QuerySet[Any]:
    newest = ChatMessage.objects.filter(VISIBLE, phone=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    unseen = Q(messages__direction="out", messages__seen_at=None) & ~Q(messages__status="failed")
    return Phone.objects.annotate(
        last_pk=Subquery(newest),
        unread=Count("messages", filter=unseen & ~Q(messages__type="reaction")),
    )


def _player(phone: Any, last: ChatMessage | None, now: datetime) -> Json:
    return {
        "id": phone.pk,
        "name": phone.profile_name,
        "username": phone.username,
        "number": phone.wa_id,
        "user_id": phone.bsuid,
        "language": phone.language,
        "receipts_on": phone.receipts_on,
        "typing": phone.typing_until is not None and phone.typing_until > now,
        "unread": phone.unread,
        "last": None if last is None else _message(last),
    }


def _chat(phone: Phone) -> Json:
    newest = phone.messages.filter(VISIBLE).order_by("-pk")[:MESSAGES_SHOWN]
    return {"id": phone.pk, "messages": [_message(message) for message in reversed(newest)]}


def _message(message: ChatMessage) -> Json:
    return {
        "wamid": message.wamid,
        "mine": message.direction == ChatMessage.Direction.IN,
        "type": message.type,
        "payload": message.payload,
        "context": message.context_wamid,
        "status": message.status,
        "at": message.at.isoformat(),
    }
