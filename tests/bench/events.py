"""Webhook bodies as Meta writes and signs them; fresh ids for every one."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from config.env import DEVELOPMENT

Json = dict[str, Any]
SECRET = DEVELOPMENT["WHATSAPP_APP_SECRET"].encode()
NUMBER = DEVELOPMENT["WHATSAPP_PHONE_NUMBER_ID"]


@dataclass(frozen=True)
class Phone:
    serial: int

    @property
    def user_id(self) -> str:
        return f"PY.{10_000_000_000_000 + self.serial}"

    @property
    def digits(self) -> str:
        return f"595981{self.serial:06d}"

    def contact(self) -> Json:
        return {
            "profile": {"name": f"Jugadora {self.serial}"},
            "wa_id": self.digits,
            "user_id": self.user_id,
        }


def new_wamid() -> str:
    return f"wamid.HBgMNTk1OTgx{uuid4().hex}{uuid4().hex[:16]}"


def message(phone: Phone, text: str, *, wamid: str = "") -> Json:
    said = {
        "from": phone.digits,
        "from_user_id": phone.user_id,
        "id": wamid or new_wamid(),
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    return _envelope(contacts=[phone.contact()], messages=[said])


def status(phone: Phone, *, wamid: str, mark: str, state: str) -> Json:
    told = {
        "id": wamid,
        "status": state,
        "timestamp": str(int(time.time())),
        "recipient_id": phone.digits,
        "recipient_user_id": phone.user_id,
        "biz_opaque_callback_data": mark,
        "pricing": {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"},
    }
    return _envelope(contacts=[phone.contact()], statuses=[told])


def _envelope(**parts: Any) -> Json:
    metadata = {"display_phone_number": "595210000000", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **parts}
    account = DEVELOPMENT["WHATSAPP_BUSINESS_ACCOUNT_ID"]
    entry = {"id": account, "changes": [{"value": value, "field": "messages"}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def post(body: Json, *, port: int, path: str = "/whatsapp/webhook/") -> bytes:
    """The whole request, ready for the wire."""
    raw = json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
    digest = hmac.new(SECRET, raw, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: facebookexternalua\r\n"
        f"Content-Type: application/json\r\nX-Hub-Signature-256: sha256={digest}\r\n"
        f"Content-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw
