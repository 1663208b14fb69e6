"""The players' side: what people do on their phones. Each act enqueues a webhook and returns its wamid."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import envelopes
from . import media as media_store
from .acceptance import digits_of, new_wamid, report_status
from .courier import enqueue
from .journal import note
from .models import ChatMessage, Phone
from .shapes import Json

COUNTRY_OF_PREFIX = {"595": "PY", "55": "BR", "54": "AR", "49": "DE", "44": "GB", "34": "ES", "1": "US"}
# Whether a reaction opens the 24-hour window is not documented, so here it does not; nobody may lean on it.
OPENS_NO_WINDOW = frozenset({"reaction", "system"})
KIND_OF_MIME = {"image/webp": "sticker", "image": "image", "audio": "audio", "video": "video"}


def phone_for(wa_id: str, *, profile_name: str = "", now: datetime | None = None) -> Phone:
    digits = digits_of(wa_id)
    known = Phone.objects.filter(wa_id=digits).first()
    return known or create_phone(profile_name=profile_name or f"Player {digits[-4:]}", wa_id=digits, now=now)


def create_phone(
    *,
    profile_name: str,
    wa_id: str = "",
    username: str = "",
    language: str = "es",
    bsuid: str = "",
    receipts_on: bool = True,
    now: datetime | None = None,
) -> Phone:
    return Phone.objects.create(
        profile_name=profile_name,
        wa_id=digits_of(wa_id),
        username=username,
        bsuid=bsuid or new_bsuid(wa_id),
        language=language,
        receipts_on=receipts_on,
        created_at=now or timezone.now(),
    )


def new_bsuid(wa_id: str = "") -> str:
    digits = digits_of(wa_id)
    country = next((code for prefix, code in COUNTRY_OF_PREFIX.items() if digits.startswith(prefix)), "PY")
    return f"{country}.{8392 * 10**14 + secrets.randbelow(10**14)}"


def say(phone: Phone, text: str, *, reply_to: str = "", now: datetime | None = None) -> str:
    message: Json = {"type": "text", "text": {"body": text}}
    return send_raw(phone, _quoting(phone, reply_to, message), now=now)


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
    enqueue(envelope, at=now, wamid=wamid)
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


def _quoting(phone: Phone, wamid: str, message: Json) -> Json:
    if not wamid:
        return message
    quoted = phone.messages.get(wamid=wamid)
    author = phone.wa_id if quoted.direction == ChatMessage.Direction.IN else envelopes.DISPLAY_PHONE_NUMBER
    return {"context": {"from": author, "id": wamid} if author else {"id": wamid}, **message}


@transaction.atomic
def change_number(phone: Phone, new_wa_id: str, *, now: datetime | None = None) -> str:
    """The person stays, Meta's name for the person does not: a new number makes a new business-scoped id."""
    now = now or timezone.now()
    old = {"wa_id": phone.wa_id, "bsuid": phone.bsuid}
    phone.wa_id = digits_of(new_wa_id)
    phone.bsuid = new_bsuid(phone.wa_id)
    phone.save(update_fields=["wa_id", "bsuid"])
    wamid = new_wamid(phone.wa_id)
    enqueue(envelopes.number_change_message(wamid=wamid, old=old, phone=phone, at=now), at=now, wamid=wamid)
    enqueue(envelopes.user_id_update(old_bsuid=old["bsuid"], phone=phone, at=now), at=now)
    note(kind="number_changed", at=now, wamid=wamid, detail={"previous": old, "current": phone.bsuid})
    return wamid


def prefer_marketing(phone: Phone, value: str, *, now: datetime | None = None) -> None:
    """`value` is "stop" or "resume", as the player chose in WhatsApp's own settings."""
    now = now or timezone.now()
    enqueue(envelopes.marketing_preference(phone, value, now), at=now)


@transaction.atomic
def read_all(phone: Phone, *, now: datetime | None = None) -> int:
    """The player looks at the chat; Meta tells the business only when receipts are on."""
    now = now or timezone.now()
    unseen = phone.messages.filter(direction=ChatMessage.Direction.OUT, seen_at=None)
    fresh = list(unseen.exclude(status=ChatMessage.Status.FAILED).select_related("phone"))
    phone.messages.filter(pk__in=[message.pk for message in fresh]).update(seen_at=now)
    for message in fresh:
        if phone.receipts_on and message.type != "reaction":
            phone.messages.filter(pk=message.pk).update(status=ChatMessage.Status.READ)
            report_status(message, "read", now)
    return len(fresh)


def inbox_of(phone: Phone) -> list[ChatMessage]:
    received = phone.messages.filter(direction=ChatMessage.Direction.OUT)
    return list(received.exclude(status=ChatMessage.Status.FAILED).order_by("pk"))
