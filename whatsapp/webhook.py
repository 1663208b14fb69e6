"""Meta's door: the handshake, the signature over the raw bytes, one INSERT, 200. No thinking here."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from whatsapp import inbox
from whatsapp.models import InboundEvent
from whatsapp.payloads import Envelope, split

logger = logging.getLogger(__name__)

PATH = "/whatsapp/webhook/"
MAX_DEPTH = 40
# SQLite takes 32,766 values in one statement; a POST of Meta has at most 1,000 events.
MOST_ROWS = 1000
_INSERT = """
INSERT INTO whatsapp_inboundevent
    (event_key, kind, field, sender, payload, happened_at, received_at, status,
     attempts, error, state_before, state_after)
VALUES {rows} ON CONFLICT (event_key) DO NOTHING
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, 0, '', '', '')"


def straight_to_webhook(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware, and the first one: sessions, languages and messages mean nothing to Meta, and cost time."""

    def lane(request: HttpRequest) -> HttpResponse:
        is_events = request.method == "POST" and request.path_info == PATH
        return webhook(request) if is_events else get_response(request)

    return lane


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
    """All events of a POST, what is there already is left as it is; then a nudge."""
    rows = list(envelopes)
    if not rows:
        return
    for start in range(0, len(rows), MOST_ROWS):
        _insert(rows[start : start + MOST_ROWS], now)
    transaction.on_commit(inbox.wake)


def _insert(envelopes: Sequence[Envelope], now: datetime) -> None:
    """By hand and without a transaction around it: one trip to the database, where the ORM makes three.

    The usual question whether an old connection still lives is left out as well. It is asked when the INSERT
    fails, which may be made again: what is there already is left as it is.
    """
    values = [value for envelope in envelopes for value in _values(envelope, now)]
    statement = _INSERT.format(rows=", ".join([_ROW] * len(envelopes)))
    connection.health_check_done = True  # type: ignore[attr-defined]  # not in the stubs
    try:
        _execute(statement, values)
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block:
            raise
        connection.close()
        _execute(statement, values)


def _execute(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _is_ours(envelope: Envelope) -> bool:
    """Told to our number and about our account, or to nobody by name."""
    numbers, accounts = ("", settings.WHATSAPP_PHONE_NUMBER_ID), ("", settings.WHATSAPP_BUSINESS_ACCOUNT_ID)
    return envelope.phone_number_id in numbers and envelope.account_id in accounts


def _values(envelope: Envelope, now: datetime) -> tuple[Any, ...]:
    is_ours = _is_ours(envelope)
    status = InboundEvent.Status.NEW if is_ours else InboundEvent.Status.IGNORED
    adapt = connection.ops.adapt_datetimefield_value
    happened_at = envelope.happened_at or now
    payload = json.dumps(envelope.payload)
    return (
        *(envelope.key, envelope.kind, envelope.field, envelope.sender, payload),
        *(adapt(happened_at), adapt(now), status.value),
    )
