"""Bodies: UTF-8 whatever their header says, of bounded size and depth, with text that can be said again."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from raffles.api.errors import LengthMissing, TooLarge
from raffles.api.serializing import Strict
from raffles.sales.proof_files import LARGEST_PROOF

# What a form says around its file.
AROUND_A_FILE = 64 * 1024


class PlainJSON(JSONParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            found = super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
            json.dumps(found, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):  # nested without end; halves of signs
            raise ParseError(_("This JSON is too deep, or holds text that is no text.")) from None
        return found


def canonical(body: bytes) -> str | None:
    """The same for the same JSON, whatever its spaces, escapes and the order of its keys; none for what is no
    JSON, is nested without end, or names a key twice, of which readers take now the first, now the last."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
        return json.dumps(found, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_number(_written: str) -> NoReturn:
    raise ValueError


def in_utf8(request: HttpRequest) -> HttpRequest:
    """A header could name any codec there is, one that unpacks among them, for the address as well."""
    if request.encoding is not None:
        request.encoding = None  # type: ignore[assignment]  # the stubs know no default
    return request


class Nothing(Strict):
    """The body of a call that takes none: an empty one, or an object without fields."""


def takes_nothing(handler: Callable[..., Any]) -> Callable[..., Any]:
    """For calls whose address says all: a field that is passed over looks like one that was obeyed."""

    @functools.wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        Nothing(data=request.data).is_valid(raise_exception=True)
        return handler(view, request, *args, **kwargs)

    wrapped.takes_nothing = True  # type: ignore[attr-defined]
    return wrapped


def require_length(request: Request) -> None:
    """Django reads a body without a length as none: what it says of money would be passed over."""
    if request.META.get("HTTP_TRANSFER_ENCODING") or _holds_what_nobody_measured(request.META):
        raise LengthMissing


def _holds_what_nobody_measured(environ: Mapping[str, Any]) -> bool:
    """HTTP/2 has no word for it; only a server that ends what it gives may be asked for a byte."""
    if environ.get("CONTENT_LENGTH") or not environ.get("wsgi.input_terminated"):
        return False
    return bool(environ["wsgi.input"].read(1))


def refuse_too_large(request: Request, *, with_file: bool) -> None:
    """Before it is read: JSON goes past the limits that Django has for forms."""
    largest = LARGEST_PROOF + AROUND_A_FILE if with_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
        raise TooLarge
