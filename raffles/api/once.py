"""Idempotency-Key: a call that was made and whose answer was lost can be made again, and happens once.

The call runs in one transaction with the keeping of its answer: a process that dies leaves neither, and the
key is free again when its lease is over. A call that was taken over meanwhile is undone.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.errors import KeyReused, StillRunning
from raffles.api.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=2)
LONGEST_KEY = 255
HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


class Overtaken(RuntimeError):
    """The lease ran out while the call was running, and somebody else runs it now."""


def once(handler: Handler) -> Handler:
    @functools.wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return handler(view, request, *args, **kwargs)
        if len(key) > LONGEST_KEY:
            raise ValidationError({HEADER: [_("At most %(limit)d characters.") % {"limit": LONGEST_KEY}]})
        return _answered_once(view, request, key, lambda: handler(view, request, *args, **kwargs))

    wrapped.is_once = True  # type: ignore[attr-defined]
    return wrapped


def _answered_once(view: Any, request: Request, key: str, call: Callable[[], Response]) -> Response:
    held = _begin(view.caller, key, _fingerprint(request), timezone.now())
    if held.status is not None:
        return _again(held, view.reread(held.body))
    try:
        with transaction.atomic():
            answer = _tried(view, call)
            _keep(held, view.rendered(answer), answer)
    except BaseException:
        KeptAnswer.objects.filter(pk=held.pk, status=None, lease_until=held.lease_until).delete()
        raise
    return answer


def _tried(view: Any, call: Callable[[], Response]) -> Response:
    """A refusal is an answer, and is kept: the action that refused has undone what it wrote, except what it
    means to leave, as an order whose time ran out. A defect is no answer and undoes everything."""
    try:
        return call()
    except Exception as problem:  # noqa: BLE001 - what it does not know it raises again
        answer: Response = view.handle_exception(problem)
        return answer


def _begin(owner: str, key: str, fingerprint: str, now: datetime) -> KeptAnswer:
    fresh = KeptAnswer(owner=owner, key=key, fingerprint=fingerprint, began_at=now, lease_until=now + LEASE)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        return _found(fresh, now)
    return fresh


def _found(fresh: KeptAnswer, now: datetime) -> KeptAnswer:
    kept = KeptAnswer.objects.filter(owner=fresh.owner, key=fresh.key).first()
    if kept is None:  # given up between the two statements
        raise StillRunning
    if kept.began_at <= now - KEPT_FOR:
        return _taken_over(kept, fresh)
    if kept.fingerprint != fresh.fingerprint:
        raise KeyReused
    if kept.status is None:
        return _taken_over(kept, fresh) if kept.lease_until <= now else _refuse_running()
    return kept


def _refuse_running() -> KeptAnswer:
    raise StillRunning


def _taken_over(kept: KeptAnswer, fresh: KeptAnswer) -> KeptAnswer:
    """Compare-and-set on the lease: of two who come at once one goes on."""
    changes = {
        "fingerprint": fresh.fingerprint,
        "began_at": fresh.began_at,
        "lease_until": fresh.lease_until,
        "status": None,
    }
    same = KeptAnswer.objects.filter(pk=kept.pk, lease_until=kept.lease_until, status=kept.status)
    if not same.update(**changes):
        raise StillRunning
    fresh.pk = kept.pk
    return fresh


def _keep(held: KeptAnswer, body: str, answer: Response) -> None:
    headers = {name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)}
    mine = KeptAnswer.objects.filter(pk=held.pk, status=None, lease_until=held.lease_until)
    if not mine.update(status=answer.status_code, body=body, headers=headers):
        raise Overtaken


def _again(kept: KeptAnswer, data: Any) -> Response:
    return Response(data, status=kept.status, headers={**kept.headers, "Idempotent-Replayed": "true"})


def _fingerprint(request: Request) -> str:
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        _add_parts(said, request.data)  # its boundary is another one each time
    else:
        said.update(request.body)
    return said.hexdigest()


def _add_parts(said: Any, parts: Any) -> None:
    for name, values in sorted(parts.lists()):
        for value in values:
            said.update(f"{name}={'' if isinstance(value, UploadedFile) else value}\n".encode())
            if isinstance(value, UploadedFile):
                said.update(hashlib.sha256(value.read()).digest())
                value.seek(0)
