"""Meta's side of a test: signed webhook bodies as the fact sheet shows them."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from whatsapp import inbox
from whatsapp.models import InboundEvent
from whatsapp.payloads import split
from whatsapp.webhook import clean, store

Json = dict[str, Any]

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
NUMBER_ID = "100000000000001"
ACCOUNT_ID = "200000000000002"
URL = "/whatsapp/webhook/"
SECRET = "test-app-secret"
OLD_SECRET = "old-app-secret"

_serial = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Who writes; either id may be empty."""

    name: str = "Ana"
    wa_id: str = "595981000001"
    bsuid: str = "PY.839200000001"

    @property
    def card(self) -> Json:
        card: Json = {"profile": {"name": self.name}}
        return (
            card
            | ({"wa_id": self.wa_id} if self.wa_id else {})
            | ({"user_id": self.bsuid} if self.bsuid else {})
        )

    @property
    def sender(self) -> Json:
        sender: Json = {"from": self.wa_id} if self.wa_id else {}
        return sender | ({"from_user_id": self.bsuid} if self.bsuid else {})


ANA = Person()


def message(person: Person, content: Json, *, at: datetime = NOW, wamid: str = "") -> Json:
    return {
        **person.sender,
        "id": wamid or f"wamid.{next(_serial)}",
        "timestamp": str(int(at.timestamp())),
        **content,
    }


def words(text: str) -> Json:
    return {"type": "text", "text": {"body": text}}


def press(reply_id: str, title: str = "") -> Json:
    reply = {"id": reply_id, "title": title or "button"}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def picture_of(content: bytes, *, media_id: str = "77", **more: Any) -> Json:
    digest = hashlib.sha256(content).hexdigest()
    return {"type": "image", "image": {"id": media_id, "mime_type": "image/png", "sha256": digest, **more}}


def status(wamid: str, name: str, *, callback: str = "", at: datetime = NOW, **more: Any) -> Json:
    told: Json = {"id": wamid, "status": name, "timestamp": str(int(at.timestamp()))}
    return told | ({"biz_opaque_callback_data": callback} if callback else {}) | more


def value(*messages: object, number: str = NUMBER_ID, **parts: Any) -> Json:
    found: Json = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **parts}
    return found | ({"messages": list(messages)} if messages else {})


def body(*values: Json, field: str = "messages") -> Json:
    changes = [{"field": field, "value": each} for each in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": changes}]}


def said(person: Person, *contents: Json, at: datetime = NOW) -> Json:
    return body(value(*(message(person, each, at=at) for each in contents), contacts=[person.card]))


def statuses(*told: Json) -> Json:
    return body(value(statuses=list(told)))


def moved(previous: str, current: str, wa_id: str = "") -> Json:
    change: Json = {"user_id": {"previous": previous, "current": current}, "timestamp": "1791000000"}
    change |= {"wa_id": wa_id} if wa_id else {}
    return body(value(user_id_update=[change]), field="user_id_update")


def signature(raw: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def post(client: Client, posted: object, *, url: str = URL, header: str | None = None) -> Any:
    raw = posted if isinstance(posted, bytes) else json.dumps(posted).encode()
    headers = {"X-Hub-Signature-256": signature(raw) if header is None else header}
    return client.post(url, raw, content_type="application/json", headers=headers)


def receive(*posted: Json, now: datetime = NOW) -> None:
    """Cleaned and stored as the webhook does it, worked through as the worker does."""
    for each in posted:
        store(split(clean(json.loads(json.dumps(each)))), now=now)
    inbox.drain(now=now)


def events_of(status_name: str) -> int:
    return InboundEvent.objects.filter(status=status_name).count()
