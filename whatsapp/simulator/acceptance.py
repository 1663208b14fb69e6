"""What Meta does with a message it was asked to send: judge, accept, keep, and report by webhook."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from . import faults, pacing
from . import media as media_store
from .addresses import Address, addressee, digits_of, new_wamid
from .approved_templates import filled
from .codes import title_of
from .courier import deliver_these
from .journal import note
from .keeping import QUOTABLE, Failure, Sending
from .limits import MEDIA_KINDS, check_envelope, check_message
from .models import ChatMessage, Media, Phone
from .refusals import GraphRefusal, invalid, missing, wrong_parameter
from .required import required_text
from .sending_faults import subject_of
from .shapes import Json

__all__ = ["WINDOW", "accept", "digits_of", "mark_read", "new_wamid", "window_is_open"]

WINDOW = timedelta(hours=24)
TYPING_SHOWN = timedelta(seconds=25)


def accept(body: Json, now: datetime) -> Json:
    check_message(body)
    address = addressee(body)
    shown: Json | None = None
    if body.get("type", "text") == "template":
        template, shown = filled(body["template"])
        shown["category"] = template.category.lower()
    elif address.phone is not None and not window_is_open(address.phone, now):
        raise GraphRefusal(
            131047, "More than 24 hours have passed since the customer last replied to this number"
        )
    files = [(media_store.living(str(found["id"]), now), use) for found, use in _media_in(body)]
    pacing.check(address.key, now)
    sending = Sending(body, address, shown, _later_failure(body, address, files, now), now)
    sending.keep()
    if sending.is_told_first:
        deliver_these(sending.told, now)
    answer = {"id": sending.wamid} if shown is None else {"id": sending.wamid, "message_status": "accepted"}
    return {"messaging_product": "whatsapp", "contacts": [address.answer()], "messages": [answer]}


def window_is_open(phone: Phone, now: datetime) -> bool:
    return phone.window_opened_at is not None and now - phone.window_opened_at < WINDOW


def _media_in(body: Json) -> Iterator[tuple[Json, str]]:
    kind = str(body.get("type", "text"))
    holders: list[Json] = []
    if kind in MEDIA_KINDS:
        holders = [body]
    elif kind == "interactive":
        holders = [body["interactive"].get("header", {})]
    elif kind == "template":
        parts = body["template"].get("components", [])
        holders = [parameter for part in parts for parameter in part.get("parameters", [])]
    for holder in holders:
        use = str(holder.get("type", kind))
        if use in MEDIA_KINDS and "id" in holder[use]:
            yield holder[use], use


def _later_failure(
    body: Json, address: Address, files: list[tuple[Media, str]], now: datetime
) -> Failure | None:
    if (arranged := faults.strike("error_status", subject_of(body), now)) is not None:
        code = arranged.get("code", 131000)
        return Failure(code, title_of(code))
    if address.phone is None:
        return Failure(131026, "The recipient is not a WhatsApp user, or cannot receive this message")
    for file, use in files:
        if reason := media_store.unfit(file, use):
            return Failure(131053, reason)
    if body.get("type") == "reaction" and not _reaction_target(body, address.phone):
        return Failure(131009, "The message to react to does not exist")
    return None


def _reaction_target(body: Json, phone: Phone) -> bool:
    target = phone.messages.filter(wamid=body["reaction"]["message_id"])
    return target.exclude(type="reaction").exists()


@transaction.atomic
def mark_read(body: Json, now: datetime) -> Json:
    check_envelope(body)
    if body["status"] != "read":
        raise wrong_parameter("Param status must be one of {READ}.")
    wamid = required_text(body, "message_id", "")
    target = ChatMessage.objects.filter(wamid=wamid, direction=ChatMessage.Direction.IN).first()
    if target is None or target.at < now - QUOTABLE:
        raise invalid("message_id is not a message of the last 30 days that a user sent")
    earlier = ChatMessage.objects.filter(
        phone=target.phone, direction=ChatMessage.Direction.IN, pk__lte=target.pk
    )
    earlier.update(status=ChatMessage.Status.READ)
    _show_typing(body, target.phone, now)
    note(kind="marked_read", at=now, wamid=wamid)
    return {"success": True}


def _show_typing(body: Json, phone: Phone, now: datetime) -> None:
    if "typing_indicator" not in body:
        return
    indicator = body["typing_indicator"]
    if not isinstance(indicator, dict) or "type" not in indicator:
        raise missing("typing_indicator['type'] is required")
    if indicator["type"] != "text":
        raise invalid("typing_indicator['type'] must be text")
    Phone.objects.filter(pk=phone.pk).update(typing_until=now + TYPING_SHOWN)
