"""Meta's door: the handshake, the signature over the raw bytes, one INSERT, 200. No thinking here."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from whatsapp import inbox
from whatsapp.models import InboundEvent
from whatsapp.payloads import Envelope, split

logger = logging.getLogger(__name__)

MAX_DEPTH = 40


@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest) -> HttpResponse:
    return _handshake(request) if request.method == "GET" else _receive(request)


def _handshake(request: HttpRequest) -> HttpResponse:
    expected = settings.WHATSAPP_VERIFY_TOKEN.encode()
    given = request.GET.get("hub.verify_token", "").encode("utf-8", "replace")
    known = bool(expected) and hmac.compare_digest(expected, given)
    if not known or request.GET.get("hub.mode") != "subscribe":
        return HttpResponse("forbidden", status=403, content_type="text/plain")
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")


def _receive(request: HttpRequest) -> HttpResponse:
    try:
        raw = request.body
    except RequestDataTooBig:
        return HttpResponse("too large", status=413, content_type="text/plain")
    if not is_signed(raw, request.headers.get("X-Hub-Signature-256"), settings.WHATSAPP_APP_SECRETS):
        logger.warning("webhook refused: signature missing or wrong (%d bytes)", len(raw))
        return HttpResponse("forbidden", status=403, content_type="text/plain")
    try:
        body = clean(json.loads(raw, parse_constant=lambda _: None))
    except (ValueError, RecursionError):
        logger.warning("webhook refused: signed, but not JSON (%d bytes)", len(raw))
        return HttpResponse("not JSON", status=400, content_type="text/plain")
    store(split(body), now=timezone.now())
    return HttpResponse("ok", content_type="text/plain")


def is_signed(raw: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Compared as bytes: a header with other characters than ASCII must be wrong, not an exception."""
    if not header or not header.startswith("sha256="):
        return False
    given = header.removeprefix("sha256=").strip().lower().encode("utf-8", "replace")
    return any(
        hmac.compare_digest(hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets
        if secret
    )


def clean(value: object, depth: int = 0) -> Any:
    """Without what a JSON column cannot keep: NUL, lone surrogates, 1e999, deeper nesting than is real."""
    if depth > MAX_DEPTH or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {clean(key): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return value


def store(envelopes: Iterable[Envelope], *, now: datetime) -> None:
    """One statement for all events of a POST; what is there already is left as it is."""
    rows = [InboundEvent(received_at=now, **_columns(envelope, now)) for envelope in envelopes]
    if not rows:
        return
    with transaction.atomic():
        InboundEvent.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(inbox.wake)


def _columns(envelope: Envelope, now: datetime) -> dict[str, Any]:
    ours = envelope.phone_number_id in ("", settings.WHATSAPP_PHONE_NUMBER_ID)
    status = InboundEvent.Status.NEW if ours else InboundEvent.Status.IGNORED
    return {
        "event_key": envelope.key,
        "kind": envelope.kind,
        "field": envelope.field,
        "sender": envelope.sender,
        "payload": envelope.payload,
        "happened_at": envelope.happened_at or now,
        "status": status,
    }
