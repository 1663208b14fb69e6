"""The scheme of Standard Webhooks: HMAC-SHA256 over id, instant and body, one signature for each secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
SECRET_BYTES = 32
# Seconds; an older delivery may be one that somebody recorded.
TOLERANCE = 300

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    try:
        return text.startswith(PREFIX) and len(_key(text)) >= 24
    except (binascii.Error, ValueError):
        return False


def signed_headers(keys: Iterable[str], *, event_id: str, at: int, body: bytes) -> dict[str, str]:
    signatures = " ".join(f"v1,{_signature(key, event_id, str(at), body)}" for key in keys)
    return {ID: event_id, TIMESTAMP: str(at), SIGNATURE: signatures}


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: int) -> bool:
    """What a receiver asks before it believes a word."""
    event_id, at = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (at.isascii() and at.isdigit()) or abs(now - int(at)) > TOLERANCE:
        return False
    expected = f"v1,{_signature(secret, event_id, at, body)}".encode()
    given = headers.get(SIGNATURE, "").split(" ")
    return any(hmac.compare_digest(expected, one.encode()) for one in given)


def _signature(secret: str, event_id: str, at: str, body: bytes) -> str:
    signed = f"{event_id}.{at}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
