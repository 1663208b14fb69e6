"""What players change afterwards: their words, their number, and whose number it is."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from . import envelopes
from .addresses import digits_of, new_wamid
from .courier import enqueue
from .journal import note
from .models import ChatMessage, Phone
from .people import create_phone, new_bsuid
from .shapes import Json
from .speech import name_of, send_raw

UNREADABLE_EDIT: Json = {
    "type": "unsupported",
    "errors": [{"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}],
    "unsupported": {"type": "edit"},
}


@transaction.atomic
def change_number(phone: Phone, new_wa_id: str, *, now: datetime | None = None) -> str:
    """The person stays, Meta's name for the person does not: a new number makes a new business-scoped id."""
    now = now or timezone.now()
    old = {"wa_id": phone.wa_id, "bsuid": phone.bsuid}
    phone.wa_id = digits_of(new_wa_id)
    phone.bsuid = new_bsuid(phone.wa_id)
    phone.save(update_fields=["wa_id", "bsuid"])
    wamid = new_wamid(phone.wa_id)
    subject = old["wa_id"] or name_of(phone)
    told = envelopes.number_change_message(wamid=wamid, old=old, phone=phone, at=now)
    enqueue(told, at=now, subject=subject, wamid=wamid)
    update = envelopes.user_id_update(old_bsuid=old["bsuid"], phone=phone, at=now)
    enqueue(update, at=now, subject=f"{subject}/user_id_update")
    note(kind="number_changed", at=now, wamid=wamid, detail={"previous": old, "current": phone.bsuid})
    return wamid


def edit(
    phone: Phone, text: str, *, wamid: str = "", is_readable: bool = True, now: datetime | None = None
) -> str:
    """The player rewrites an own text, the newest unless `wamid` names another.

    Numbers that are used in the business app too get the new text; all others learn only that there is one.
    """
    original = _own_text(phone, wamid)
    phone.messages.filter(pk=original.pk).update(payload={**original.payload, "body": text, "edited": True})
    if not is_readable:
        return send_raw(phone, UNREADABLE_EDIT, now=now)
    rewritten: Json = {"type": "text", "text": {"body": text}}
    change = {"original_message_id": original.wamid, "message": rewritten}
    return send_raw(phone, {"type": "edit", "edit": change}, now=now)


def revoke(phone: Phone, *, wamid: str = "", now: datetime | None = None) -> str:
    """The player deletes an own message for everyone."""
    original = _own(phone, wamid)
    phone.messages.filter(pk=original.pk).update(payload={**original.payload, "revoked": True})
    return send_raw(phone, {"type": "revoke", "revoke": {"original_message_id": original.wamid}}, now=now)


def _own(phone: Phone, wamid: str) -> ChatMessage:
    said = phone.messages.filter(direction=ChatMessage.Direction.IN).order_by("-pk")
    said = said.exclude(type__in=("edit", "revoke", "system", "reaction")).exclude(payload__has_key="revoked")
    found = (said.filter(wamid=wamid) if wamid else said).first()
    if found is None:
        raise LookupError(f"{phone} has no message that can be changed")
    return found


def _own_text(phone: Phone, wamid: str) -> ChatMessage:
    found = _own(phone, wamid)
    if found.type != "text":
        raise LookupError("only a text can be edited")
    return found


@transaction.atomic
def new_person_on(phone: Phone, *, profile_name: str = "", now: datetime | None = None) -> Phone:
    """The number is given to somebody else, as carriers do with idle ones; Meta tells nobody."""
    if not phone.wa_id:
        raise LookupError(f"{phone} has no number that could be given away")
    now = now or timezone.now()
    number, phone.wa_id = phone.wa_id, ""
    phone.save(update_fields=["wa_id"])
    stranger = create_phone(
        profile_name=profile_name or f"New on {number[-4:]}", wa_id=number, language=phone.language, now=now
    )
    note(kind="number_recycled", at=now, detail={"wa_id": number, "from": phone.bsuid, "to": stranger.bsuid})
    return stranger


def system_message(phone: Phone, *, now: datetime | None = None) -> str:
    """Meta says that the player's security code changed; nothing follows from it."""
    now = now or timezone.now()
    system: Json = {
        "type": "customer_identity_changed",
        "body": f"{phone.profile_name}'s security code changed",
        "identity": "0",
    }
    if phone.wa_id:
        system["customer"] = phone.wa_id
    return send_raw(phone, {"type": "system", "system": system}, now=now)
