"""The independent log: what was accepted, refused, told and done wrong. Judges of long tests read it here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KT

from .models import ChatMessage, JournalEntry, Phone, WebhookDelivery
from .shapes import Json


@dataclass(frozen=True)
class Accepted:
    wamid: str
    callback_data: str
    recipient: str
    type: str
    content: Json
    at: datetime

    @property
    def words(self) -> str:
        """What the player reads: the text, or the body of a bubble or caption."""
        body = self.content.get("body", self.content.get("caption", ""))
        return str(body.get("text", "") if isinstance(body, dict) else body)


def entry(
    *, kind: str, at: datetime, wamid: str = "", callback_data: str = "", detail: Json | None = None
) -> JournalEntry:
    return JournalEntry(kind=kind, at=at, wamid=wamid, callback_data=callback_data, detail=detail or {})


def note(
    *, kind: str, at: datetime, wamid: str = "", callback_data: str = "", detail: Json | None = None
) -> None:
    entry(kind=kind, at=at, wamid=wamid, callback_data=callback_data, detail=detail).save(force_insert=True)


def note_all(entries: Iterable[JournalEntry]) -> None:
    JournalEntry.objects.bulk_create(entries)


def accepted(callback_prefix: str = "") -> dict[str, list[Accepted]]:
    """Accepted messages by their callback data; more than one under a key is a message sent twice."""
    found: dict[str, list[Accepted]] = defaultdict(list)
    rows = JournalEntry.objects.filter(kind="accepted", callback_data__startswith=callback_prefix)
    for row in rows.order_by("pk").iterator():
        found[row.callback_data].append(_accepted(row))
    return dict(found)


def doubles() -> dict[str, list[Accepted]]:
    return {key: sent for key, sent in accepted().items() if key and len(sent) > 1}


def _accepted(row: JournalEntry) -> Accepted:
    body = row.detail
    kind = str(body.get("type", "text"))
    recipient = str(body.get("to") or body.get("recipient", ""))
    return Accepted(row.wamid, row.callback_data, recipient, kind, body.get(kind, {}), row.at)


def texts_to(phone: Phone) -> list[str]:
    """What arrived on the phone, oldest first; messages that failed did not arrive."""
    arrived = phone.messages.filter(direction=ChatMessage.Direction.OUT)
    return [
        Accepted(row.wamid, row.callback_data, phone.bsuid, row.type, row.payload, row.at).words
        or str(row.payload.get("shown", {}).get("body", {}).get("text", ""))
        for row in arrived.exclude(status=ChatMessage.Status.FAILED).order_by("pk")
    ]


def undelivered() -> QuerySet[WebhookDelivery]:
    """Webhooks that the product has not answered with 200 so far."""
    return WebhookDelivery.objects.filter(delivered_at=None).order_by("pk")


def counts() -> dict[str, int]:
    """How many entries of each kind."""
    rows = JournalEntry.objects.order_by().values_list("kind").annotate(many=Count("pk"))
    return {str(kind): int(many) for kind, many in rows}


def faults() -> dict[str, int]:
    """How often each fault struck."""
    names = JournalEntry.objects.filter(kind="fault").annotate(name=KT("detail__name"))
    return dict(Counter(names.values_list("name", flat=True)))


def refusals() -> dict[int, int]:
    """How often each of Meta's codes was answered."""
    codes = JournalEntry.objects.filter(kind="refused").values_list("detail__error__code", flat=True)
    return dict(Counter(int(code) for code in codes if code is not None))


def answer_times() -> list[float]:
    """Milliseconds the product took for each webhook it answered with 200, in the order of posting."""
    told = JournalEntry.objects.filter(kind="webhook_accepted", detail__has_key="ms").order_by("pk")
    return [float(ms) for ms in told.values_list("detail__ms", flat=True)]
