"""What Meta does with a message it was asked to send: judge, accept, keep, and report by webhook."""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from . import media as media_store
from .approved_templates import filled
from .courier import enqueue
from .envelopes import DISPLAY_PHONE_NUMBER, failure_envelope, status_envelope
from .journal import note
from .limits import MEDIA_KINDS, check_envelope, check_message
from .models import ChatMessage, Media, Phone
from .refusals import GraphRefusal, invalid, missing, status_error, wrong_parameter
from .required import required_text
from .shapes import Json

WINDOW = timedelta(hours=24)
TYPING_SHOWN = timedelta(seconds=25)
QUOTABLE = timedelta(days=30)


@dataclass(frozen=True)
class Address:
    given: str
    by_phone: bool
    phone: Phone | None

    def answer(self) -> Json:
        if not self.by_phone:
            return {"input": self.given, "user_id": self.given}
        return {"input": self.given, "wa_id": self.phone.wa_id if self.phone else digits_of(self.given)}

    def recipient(self) -> Json:
        if self.by_phone:
            return {"recipient_id": digits_of(self.given)}
        return {"recipient_user_id": self.given}


@dataclass(frozen=True)
class Failure:
    code: int
    details: str


def digits_of(number: str) -> str:
    return "".join(digit for digit in number if digit in "0123456789")


def new_wamid(seed: str) -> str:
    return "wamid." + base64.b64encode(b"\x1d" + seed.encode() + b"\x15" + secrets.token_bytes(21)).decode()


def accept(body: Json, now: datetime) -> Json:
    check_message(body)
    address = addressee(body)
    kind = body.get("type", "text")
    shown: Json | None = None
    if kind == "template":
        template, shown = filled(body["template"])
        shown["category"] = template.category.lower()
    elif address.phone is not None and not window_is_open(address.phone, now):
        raise GraphRefusal(
            131047, "More than 24 hours have passed since the customer last replied to this number"
        )
    attachments = [(found, media_store.living(str(found["id"]), now), use) for found, use in _media_in(body)]
    failure = _later_failure(body, address, [(file, use) for _, file, use in attachments])
    wamid = _keep(body, address, shown, failure, now)
    answer = {"id": wamid} if shown is None else {"id": wamid, "message_status": "accepted"}
    return {"messaging_product": "whatsapp", "contacts": [address.answer()], "messages": [answer]}


def addressee(body: Json) -> Address:
    """With both given, `to` wins."""
    if not body.get("to"):
        if not body.get("recipient"):
            raise wrong_parameter("The parameter to is required.")
        bsuid = required_text(body, "recipient", "")
        return Address(bsuid, by_phone=False, phone=Phone.objects.filter(bsuid=bsuid).first())
    number = required_text(body, "to", "")
    digits = digits_of(number)
    if not digits or any(letter.isalpha() for letter in number):
        raise invalid("to must be a phone number; a user id belongs in recipient")
    if digits == DISPLAY_PHONE_NUMBER:
        raise GraphRefusal(131021, "Recipient phone number cannot be the sender's own")
    return Address(number, by_phone=True, phone=Phone.objects.filter(wa_id=digits).first())


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


def _later_failure(body: Json, address: Address, files: list[tuple[Media, str]]) -> Failure | None:
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
def _keep(body: Json, address: Address, shown: Json | None, failure: Failure | None, now: datetime) -> str:
    kind = str(body.get("type", "text"))
    wamid = new_wamid(digits_of(address.given)[-15:])
    callback_data = body.get("biz_opaque_callback_data", "")
    note(kind="accepted", at=now, wamid=wamid, callback_data=callback_data, detail=body)
    if failure is not None:
        _report_failure(wamid, address, callback_data, failure, now)
    if address.phone is None:
        return wamid
    message = ChatMessage.objects.create(
        phone=address.phone,
        direction=ChatMessage.Direction.OUT,
        wamid=wamid,
        type=kind,
        payload=body[kind] if shown is None else {**body[kind], "shown": shown},
        context_wamid=_quoted(body, address.phone, now),
        status=ChatMessage.Status.SENT if failure is None else ChatMessage.Status.FAILED,
        callback_data=callback_data,
        by_phone=address.by_phone,
        at=now,
    )
    if failure is None:
        Phone.objects.filter(pk=address.phone.pk).update(typing_until=None)
        _report_progress(message, now)
    return wamid


def _quoted(body: Json, phone: Phone, now: datetime) -> str:
    wamid = body.get("context", {}).get("message_id", "")
    known = phone.messages.filter(wamid=wamid, at__gt=now - QUOTABLE).exists()
    return wamid if known and body.get("type") != "reaction" else ""


def _report_failure(
    wamid: str, address: Address, callback_data: str, failure: Failure, now: datetime
) -> None:
    payload = failure_envelope(
        wamid=wamid,
        recipient=address.recipient(),
        callback_data=callback_data,
        error=status_error(failure.code, failure.details),
        at=now,
    )
    detail = {"code": failure.code, "details": failure.details}
    note(kind="failed", at=now, wamid=wamid, callback_data=callback_data, detail=detail)
    enqueue(payload, at=now)


def _report_progress(message: ChatMessage, now: datetime) -> None:
    if message.type == "reaction":
        report_status(message, "sent", now)
        return
    category = message.payload["shown"]["category"] if message.type == "template" else "service"
    pricing = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
    report_status(message, "sent", now, pricing=pricing)
    report_status(message, "delivered", now, pricing=pricing)
    ChatMessage.objects.filter(pk=message.pk).update(status=ChatMessage.Status.DELIVERED)


def report_status(message: ChatMessage, status: str, now: datetime, *, pricing: Json | None = None) -> None:
    note(kind=status, at=now, wamid=message.wamid, callback_data=message.callback_data)
    enqueue(status_envelope(message, status, now, pricing=pricing), at=now)


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
