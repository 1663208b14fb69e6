"""A call that names a codec of no text is refused at the outermost door: Django would break while reading it.

`Content-Type: application/json; charset=zlib` is such a one. Codecs that nobody knows Django passes over.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

# What codecs stumble over that read no text at all; those of text know what they cannot read.
PROBES = (b"a=b", b"a=\xff", b"xn--\xff")
WAYS = ("strict", "replace")
# They spell the names of hosts. How they fail at anything else differs from one Python to the next.
OF_NAMES = ("idna", "punycode")
STATUS = 415

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def is_readable(content_type: str) -> bool:
    try:
        _kind, parameters = parse_header_parameters(content_type)
        charset = parameters.get("charset")
        return charset is None or _is_text(charset)
    except ValueError:  # a parameter in a codec that there is not, a NUL
        return False


def _is_text(charset: str) -> bool:
    try:
        found = codecs.lookup(charset)
    except LookupError:
        return True
    return found.name not in OF_NAMES and all(_reads(charset, probe, way) for probe in PROBES for way in WAYS)


def _reads(charset: str, probe: bytes, way: str) -> bool:
    try:
        probe.decode(charset, way)
    except UnicodeDecodeError:
        return True
    except (LookupError, UnicodeError):
        return False
    return True


def refusal(accept_language: str) -> bytes:
    """In the words of the API, whichever address was called."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept_language
    with translation.override(translation.get_language_from_request(request)):
        told = _("The charset of the Content-Type is no encoding of text. Send UTF-8.")
    return json.dumps({"code": "unsupported_media_type", "detail": told}).encode()


class TextOnly:
    """Around the WSGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_readable(str(environ.get("CONTENT_TYPE", ""))):
            return self.application(environ, start_response)
        body = refusal(str(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
        size = ("Content-Length", str(len(body)))
        start_response("415 Unsupported Media Type", [("Content-Type", "application/json"), size])
        return [body]


class AsyncTextOnly:
    """Around the ASGI application."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        if is_readable(headers.get(b"content-type", "")):
            await self.application(scope, receive, send)
            return
        body = refusal(headers.get(b"accept-language", ""))
        told = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": STATUS, "headers": told})
        await send({"type": "http.response.body", "body": body})
