"""An accepted message becomes rows in one transaction: the journal, the phone, and what Meta will tell."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from . import faults
from .addresses import Address, digits_of, new_wamid
from .courier import enqueue_all
from .deliveries import LEASE, made
from .envelopes import failure_envelope, status_envelope
from .journal import entry, note_all
from .models import ChatMessage, JournalEntry, Phone, WebhookDelivery
from .refusals import status_error
from .sending_faults import subject_of
from .shapes import Json

QUOTABLE = timedelta(days=30)


@dataclass(frozen=True)
class Failure:
    code: int
    details: str


@dataclass
class Sending:
    body: Json
    address: Address
    shown: Json | None
    failure: Failure | None
    now: datetime
    wamid: str = ""
    entries: list[JournalEntry] = field(default_factory=list)
    told: list[WebhookDelivery] = field(default_factory=list)
    is_told_first: bool = False

    @property
    def callback_data(self) -> str:
        return str(self.body.get("biz_opaque_callback_data", ""))

    @property
    def type(self) -> str:
        return str(self.body.get("type", "text"))

    @transaction.atomic
    def keep(self) -> None:
        self.wamid = new_wamid(digits_of(self.address.given)[-15:])
        subject = subject_of(self.body)
        self._note("accepted", self.body)
        withheld = faults.strike("withhold_statuses", subject, self.now, once_per_subject=True) is not None
        self.is_told_first = faults.strike("status_before_answer", subject, self.now) is not None
        if self.failure is not None:
            self._tell_failure(self.failure)
        if self.address.phone is not None:
            message = self._message(self.address.phone, withheld=withheld)
            if self.failure is None:
                self._tell_progress(message)
        if withheld:
            self.told = []
        for delivery in self.told if self.is_told_first else ():
            delivery.not_before = self.now + LEASE  # no courier takes it before the sender of the answer does
        note_all(self.entries)
        enqueue_all(self.told)

    def _note(self, kind: str, detail: Json | None = None) -> None:
        self.entries.append(
            entry(kind=kind, at=self.now, wamid=self.wamid, callback_data=self.callback_data, detail=detail)
        )

    def _message(self, phone: Phone, *, withheld: bool) -> ChatMessage:
        content = self.body[self.type]
        status = ChatMessage.Status.DELIVERED if self.type != "reaction" else ChatMessage.Status.SENT
        if self.failure is not None:
            status = ChatMessage.Status.FAILED
        elif phone.typing_until is not None:
            Phone.objects.filter(pk=phone.pk).update(typing_until=None)
        return ChatMessage.objects.create(
            phone=phone,
            direction=ChatMessage.Direction.OUT,
            wamid=self.wamid,
            type=self.type,
            payload=content if self.shown is None else {**content, "shown": self.shown},
            context_wamid=self._quoted(phone),
            status=status,
            callback_data=self.callback_data,
            by_phone=self.address.by_phone,
            is_echo_withheld=withheld,
            at=self.now,
        )

    def _quoted(self, phone: Phone) -> str:
        wamid = str(self.body.get("context", {}).get("message_id", ""))
        if not wamid or self.type == "reaction":
            return ""
        known = phone.messages.filter(wamid=wamid, at__gt=self.now - QUOTABLE).exists()
        return wamid if known else ""

    def _tell_failure(self, failure: Failure) -> None:
        payload = failure_envelope(
            wamid=self.wamid,
            recipient=self.address.recipient(),
            callback_data=self.callback_data,
            error=status_error(failure.code, failure.details),
            at=self.now,
        )
        self._note("failed", {"code": failure.code, "details": failure.details})
        self.told.append(
            made(payload, at=self.now, subject=f"{self.callback_data or self.address.key}/failed")
        )

    def _tell_progress(self, message: ChatMessage) -> None:
        if self.type == "reaction":
            self._tell(message, "sent", None)
            return
        category = self.shown["category"] if self.shown is not None else "service"
        pricing = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
        self._tell(message, "sent", pricing)
        self._tell(message, "delivered", pricing)

    def _tell(self, message: ChatMessage, status: str, pricing: Json | None) -> None:
        note, delivery = told_of(message, status, self.now, pricing=pricing)
        self.entries.append(note)
        self.told.append(delivery)


def told_of(
    message: ChatMessage, status: str, now: datetime, *, pricing: Json | None = None
) -> tuple[JournalEntry, WebhookDelivery]:
    payload = status_envelope(message, status, now, pricing=pricing)
    subject = f"{message.callback_data or message.phone.bsuid}/{status}"
    note = entry(kind=status, at=now, wamid=message.wamid, callback_data=message.callback_data)
    return note, made(payload, at=now, subject=subject)


def report_read(messages: list[ChatMessage], now: datetime) -> None:
    told = [told_of(message, "read", now) for message in messages if not message.is_echo_withheld]
    note_all([note for note, _ in told])
    enqueue_all([delivery for _, delivery in told])
