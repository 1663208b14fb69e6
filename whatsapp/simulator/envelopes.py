"""Meta's webhook bodies, as Meta writes them on the wire."""

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings

from .models import ChatMessage, Phone
from .shapes import Json

DISPLAY_PHONE_NUMBER = "595210000000"


def serialise(payload: Json) -> str:
    """Meta escapes everything beyond ASCII, and the slash; the signature covers that very text."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")


def signature(raw: bytes) -> str:
    key = settings.WHATSAPP_APP_SECRETS[0].encode()
    return "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def envelope(field: str, value: Json, *, entry_time: datetime | None = None) -> Json:
    entry: Json = {"id": settings.WHATSAPP_BUSINESS_ACCOUNT_ID, "changes": [{"value": value, "field": field}]}
    if entry_time is not None:
        entry["time"] = int(entry_time.timestamp())
    return {"object": "whatsapp_business_account", "entry": [entry]}


def metadata() -> Json:
    return {
        "display_phone_number": DISPLAY_PHONE_NUMBER,
        "phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID,
    }


def _value(**parts: object) -> Json:
    return {"messaging_product": "whatsapp", "metadata": metadata(), **parts}


def contact(phone: Phone, *, with_username: bool = True) -> Json:
    profile = {"name": phone.profile_name}
    if phone.username and with_username:
        profile["username"] = phone.username
    card: Json = {"profile": profile}
    if phone.wa_id:
        card["wa_id"] = phone.wa_id
    return {**card, "user_id": phone.bsuid}


def message_envelope(phone: Phone, message: Json) -> Json:
    return envelope("messages", _value(contacts=[contact(phone)], messages=[message]))


def inbound_message(phone: Phone, *, wamid: str, at: datetime, content: Json) -> Json:
    sender: Json = {"from": phone.wa_id} if phone.wa_id else {}
    return {**sender, "from_user_id": phone.bsuid, "id": wamid, "timestamp": seconds(at), **content}


def status_envelope(message: ChatMessage, status: str, at: datetime, *, pricing: Json | None = None) -> Json:
    phone = message.phone
    item: Json = {"id": message.wamid, "status": status, "timestamp": seconds(at)}
    if phone.wa_id:
        item["recipient_id"] = phone.wa_id
    item["recipient_user_id"] = phone.bsuid
    if message.callback_data:
        item["biz_opaque_callback_data"] = message.callback_data
    if pricing is not None:
        item["pricing"] = pricing
    card = contact(phone, with_username=status != "sent")
    return envelope("messages", _value(contacts=[card], statuses=[item]))


def failure_envelope(*, wamid: str, recipient: Json, callback_data: str, error: Json, at: datetime) -> Json:
    item: Json = {"id": wamid, "status": "failed", "timestamp": seconds(at), **recipient}
    if callback_data:
        item["biz_opaque_callback_data"] = callback_data
    return envelope("messages", _value(statuses=[{**item, "errors": [error]}]))


def number_change_message(*, wamid: str, old: Json, phone: Phone, at: datetime) -> Json:
    """`old` holds what the player was known by: `wa_id`, if there was one, and `bsuid`."""
    change: Json = {
        "type": "user_changed_user_id",
        "body": f"User {phone.profile_name} changed from {old['bsuid']} to {phone.bsuid}",
        "user_id": phone.bsuid,
    }
    if phone.wa_id:
        change["wa_id"] = phone.wa_id
    sender: Json = {"from": old["wa_id"]} if old["wa_id"] else {}
    message = {**sender, "id": wamid, "timestamp": seconds(at), "type": "system", "system": change}
    return envelope("messages", _value(messages=[message]))


def user_id_update(*, old_bsuid: str, phone: Phone, at: datetime) -> Json:
    update: Json = {"wa_id": phone.wa_id} if phone.wa_id else {}
    update |= {
        "detail": f"User {phone.profile_name} changed their phone number",
        "timestamp": seconds(at),
        "user_id": {"previous": old_bsuid, "current": phone.bsuid},
    }
    return envelope("user_id_update", _value(user_id_update=[update]), entry_time=at)


def marketing_preference(phone: Phone, value: str, at: datetime) -> Json:
    preference: Json = {"wa_id": phone.wa_id} if phone.wa_id else {}
    preference |= {
        "user_id": phone.bsuid,
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at.timestamp()),
    }
    parts = {"contacts": [contact(phone)], "user_preferences": [preference]}
    return envelope("user_preferences", _value(**parts), entry_time=at)
