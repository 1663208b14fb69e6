"""Idempotency-Key: a call that was made and whose answer was lost can be made again, and happens once.

The call runs in one transaction with the keeping of its answer: a process that dies leaves neither, and the
key is free again when its lease is over. A call that was taken over meanwhile is undone. What takes as long
as others want, such as to ask where a name leads, is done before the transaction begins.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
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
from raffles.api.parsing import canonical

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=2)
LONGEST_KEY = 255
HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]
First = Callable[..., None]


class Overtaken(RuntimeError):
    """The lease ran out while the call was running, and somebody else runs it now."""


def once(handler: Handler) -> Handler:
    return once_after(_nothing)(handler)


def once_after(first: First) -> Callable[[Handler], Handler]:
    """`first` is given what the call is given, outside every transaction; what it refuses is the answer."""

    def decorated(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            before = functools.partial(first, view, request, *args, **kwargs)
            call = functools.partial(handler, view, request, *args, **kwargs)
            return _answered(view, request, before, call)

        wrapped.is_once = True  # type: ignore[attr-defined]
        return wrapped

    return decorated


def _nothing(*_args: Any, **_kwargs: Any) -> None: ...


def _answered(view: Any, request: Request, first: First, call: Handler) -> Response:
    key = request.headers.get(HEADER, "")
    if not key:
        first()
        return call()
    if len(key) > LONGEST_KEY:
        raise ValidationError({HEADER: [_("At most %(limit)d characters.") % {"limit": LONGEST_KEY}]})
    return _answered_once(view, request, key, first, call)


def _answered_once(view: Any, request: Request, key: str, first: First, call: Handler) -> Response:
    held = _begin(view.caller, key, _fingerprint(view, request), timezone.now())
    if held.status is not None:
        return _again(held, view.reread(held.body))
    try:
        refused = _tried(view, first)
        with transaction.atomic():
            answer: Response = _tried(view, call) if refused is None else refused
            _keep(held, view.rendered(answer), answer)
    except BaseException:
        KeptAnswer.objects.filter(pk=held.pk, status=None, lease_until=held.lease_until).delete()
        raise
    return answer


def _tried(view: Any, call: Callable[[], Any]) -> Any:
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


def _fingerprint(view: Any, request: Request) -> str:
    """Of what was said and not of how it was written: a client that builds its call again may write the same
    JSON with other spaces, and a form with another boundary. And of what the caller may: one program has
    tokens of several kinds, and what one of them was told may be beyond the other."""
    may = [view.as_staff, sorted(map(str, view.grant.scopes))]
    return _digest(request.method, request.get_full_path(), may, *_said(request))


def _said(request: Request) -> tuple[object, ...]:
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        return ("form", *_parts(request.data))
    said = canonical(request.body) if kind == "application/json" else None
    return ("bytes", kind, hashlib.sha256(request.body).hexdigest()) if said is None else ("json", said)


def _parts(form: Any) -> Iterator[tuple[str, str, str]]:
    for name, values in sorted(form.lists()):
        for value in values:
            is_file = isinstance(value, UploadedFile)
            yield (name, "file", _hash_of(value)) if is_file else (name, "text", value)


def _hash_of(file: UploadedFile[Any]) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _digest(*said: object) -> str:
    """As JSON, so that no text can look like two."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
