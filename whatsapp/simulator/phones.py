"""The players' side: what people do on their phones. Each act enqueues a webhook and returns its wamid."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from . import envelopes
from . import media as media_store
from .changes import (
    change_number,
    edit,
    new_person_on,
    revoke,
    system_message,
)
from .courier import enqueue
from .keeping import report_read
from .models import ChatMessage, Phone
from .people import create_phone, new_bsuid, phone_for
from .shapes import Json
from .speech import name_of, send_raw
from .whims import follow

__all__ = [
    "change_number",
    "create_phone",
    "edit",
    "inbox_of",
    "new_bsuid",
    "new_person_on",
    "phone_for",
    "prefer_marketing",
    "react",
    "read_all",
    "revoke",
    "say",
    "send_media",
    "send_raw",
    "share_own_number",
    "system_message",
    "tap",
]

KIND_OF_MIME = {"image/webp": "sticker", "image": "image", "audio": "audio", "video": "video"}


def say(phone: Phone, text: str, *, reply_to: str = "", now: datetime | None = None) -> str:
    now = now or timezone.now()
    message: Json = {"type": "text", "text": {"body": text}}
    wamid = send_raw(phone, _quoting(phone, reply_to, message), now=now)
    follow(phone, wamid, text, now)
    return wamid


def tap(phone: Phone, wamid: str | None, reply_id: str, *, now: datetime | None = None) -> str:
    offers = phone.messages.filter(direction=ChatMessage.Direction.OUT).order_by("-pk")
    for message in offers.filter(wamid=wamid) if wamid else offers:
        if answer := _answer_to(message, reply_id):
            context = {"from": envelopes.DISPLAY_PHONE_NUMBER, "id": message.wamid}
            return send_raw(phone, {"context": context, **answer}, now=now)
    raise LookupError(f"{phone} was never offered {reply_id!r}")


def _answer_to(message: ChatMessage, reply_id: str) -> Json | None:
    action = message.payload.get("action", {}) if message.type == "interactive" else {}
    for button in action.get("buttons", []):
        if button["reply"]["id"] == reply_id:
            return {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": button["reply"]},
            }
    for section in action.get("sections", []):
        for row in section["rows"]:
            if row["id"] == reply_id:
                return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": row}}
    for button in message.payload.get("shown", {}).get("buttons", []):
        if button["type"] == "QUICK_REPLY" and button["payload"] == reply_id:
            return {"type": "button", "button": {"payload": reply_id, "text": button["text"]}}
    return None


def send_media(
    phone: Phone,
    content: bytes,
    mime: str,
    filename: str | None = None,
    caption: str = "",
    *,
    voice: bool = False,
    now: datetime | None = None,
) -> str:
    now = now or timezone.now()
    kept = media_store.keep(content=content, mime=mime, owner=phone, filename=filename or "", now=now)
    bare = media_store.bare_mime(mime)
    kind = KIND_OF_MIME.get(bare) or KIND_OF_MIME.get(bare.partition("/")[0], "document")
    thing = media_store.inbound_object(kept, now)
    if caption and kind in ("image", "video", "document"):
        thing["caption"] = caption
    thing |= _extras(kind, filename, voice=voice)
    return send_raw(phone, {"type": kind, kind: thing}, now=now)


def _extras(kind: str, filename: str | None, *, voice: bool) -> Json:
    if kind == "document" and filename:
        return {"filename": filename}
    if kind == "sticker":
        return {"animated": False}
    return {"voice": voice} if kind == "audio" else {}


def react(phone: Phone, wamid: str, emoji: str, *, now: datetime | None = None) -> str:
    """An empty emoji takes the reaction back, and Meta then leaves the key out."""
    reaction = {"message_id": wamid, "emoji": emoji} if emoji else {"message_id": wamid}
    return send_raw(phone, {"type": "reaction", "reaction": reaction}, now=now)


def share_own_number(phone: Phone, *, reply_to: str = "", now: datetime | None = None) -> str:
    if not phone.wa_id:
        raise LookupError(f"{phone} has no number to share")
    card = {
        "name": {"formatted_name": phone.profile_name, "first_name": phone.profile_name},
        "phones": [{"phone": f"+{phone.wa_id}", "wa_id": phone.wa_id, "type": "CELL"}],
        "origin": "contact_request",
    }
    message: Json = {"type": "contacts", "contacts": [card], "origin": "contact_request"}
    return send_raw(phone, _quoting(phone, reply_to, message), now=now)


def _quoting(phone: Phone, wamid: str, message: Json) -> Json:
    if not wamid:
        return message
    quoted = phone.messages.get(wamid=wamid)
    author = phone.wa_id if quoted.direction == ChatMessage.Direction.IN else envelopes.DISPLAY_PHONE_NUMBER
    return {"context": {"from": author, "id": wamid} if author else {"id": wamid}, **message}


def prefer_marketing(phone: Phone, value: str, *, now: datetime | None = None) -> None:
    """`value` is "stop" or "resume", as the player chose in WhatsApp's own settings."""
    now = now or timezone.now()
    enqueue(envelopes.marketing_preference(phone, value, now), at=now, subject=name_of(phone))


@transaction.atomic
def read_all(phone: Phone, *, now: datetime | None = None) -> int:
    """The player looks at the chat; Meta tells the business only when receipts are on."""
    now = now or timezone.now()
    unseen = phone.messages.filter(direction=ChatMessage.Direction.OUT, seen_at=None)
    fresh = list(unseen.exclude(status=ChatMessage.Status.FAILED).select_related("phone"))
    phone.messages.filter(pk__in=[message.pk for message in fresh]).update(seen_at=now)
    if phone.receipts_on:
        told = [message for message in fresh if message.type != "reaction"]
        phone.messages.filter(pk__in=[message.pk for message in told]).update(status=ChatMessage.Status.READ)
        report_read(told, now)
    return len(fresh)


def inbox_of(phone: Phone) -> list[ChatMessage]:
    received = phone.messages.filter(direction=ChatMessage.Direction.OUT)
    return list(received.exclude(status=ChatMessage.Status.FAILED).order_by("pk"))
