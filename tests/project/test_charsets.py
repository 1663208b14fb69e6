"""A codec that is none of text breaks nothing, whoever is called."""

from __future__ import annotations

import asyncio
import encodings
import importlib
import io
import json
import pkgutil
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

from config.charsets import is_readable

pytestmark = pytest.mark.django_db

ADDRESSES = ("/whatsapp/webhook/", "/admin/login/", "/api/v1/orders/", "/health/", "/nowhere")
NO_TEXT = ["zlib", "bz2", "hex", "base64", "rot13", "uu", "quopri", "idna", "punycode", "undefined", "a\0b"]
# Names of every codec that Python comes with, and queries that each may stumble over.
CODECS = sorted(found.name for found in pkgutil.iter_modules(encodings.__path__))
QUERIES = ["", "a=b", "a=%c3%a9", "%ff=%80&\xff=\xe9", "a-=b-%2d", "xn--a=%78%6e--%ff", "\\u=\\x"]


def environ_of(address: str, kind: str, method: str = "POST", query: str = "", **more: str) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "PATH_INFO": address,
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": "2",
        "wsgi.input": io.BytesIO(b"{}"),
        **more,
    }
    setup_testing_defaults(environ)
    return environ


def called(application: Any, environ: dict[str, Any]) -> tuple[int, bytes]:
    statuses: list[str] = []
    answer = application(environ, lambda status, headers: statuses.append(status))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return int(statuses[0].split()[0]), body


def through_the_door(environ: dict[str, Any]) -> tuple[int, bytes]:
    return called(importlib.import_module("config.wsgi").application, environ)


@pytest.mark.parametrize("charset", NO_TEXT)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_codec_of_no_text_is_refused_everywhere(address: str, method: str, charset: str) -> None:
    kind = f"application/json; charset={charset}"
    status, body = through_the_door(environ_of(address, kind, method, "a=%c3%a9"))
    assert status == 415
    told = json.loads(body)
    assert told["code"] == "unsupported_media_type"
    assert "UTF-8" in told["detail"]


def test_without_the_guard_such_a_call_is_a_defect() -> None:
    """The control: Django's own door."""
    with pytest.raises(LookupError, match="not a text encoding"):
        called(get_wsgi_application(), environ_of("/health/", "a/b; charset=zlib", query="a=b"))


@pytest.mark.parametrize("kind", ["a/b; x*=nope''%ff", "a/b; charset*=nope''zlib"])
def test_a_parameter_in_a_codec_that_there_is_not_is_refused(kind: str) -> None:
    assert through_the_door(environ_of("/health/", kind))[0] == 415


@pytest.mark.parametrize("charset", CODECS)
def test_what_is_let_in_breaks_nothing(charset: str) -> None:
    kind = f"text/plain; charset={charset}"
    for query in QUERIES:
        status, _body = through_the_door(environ_of("/language/", kind, "GET", query))
        assert status < 500, query
    assert (status == 415) is not is_readable(kind)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "latin-1", "utf-16", "cp037", "nobody-knows-it", ""])
def test_text_and_what_nobody_knows_is_let_in(charset: str) -> None:
    assert is_readable(f"application/json; charset={charset}")


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "no es una codificación de texto"), ("pt-BR", "não é uma codificação"), ("en", "no encoding")],
)
def test_it_is_said_in_the_language_of_who_calls(language: str, said: str) -> None:
    environ = environ_of("/api/v1/orders/", "a/b; charset=zlib", HTTP_ACCEPT_LANGUAGE=language)
    assert said in json.loads(through_the_door(environ)[1])["detail"]


def test_the_asgi_door_refuses_it_as_well() -> None:
    assert asyncio.run(_through_asgi(b"application/json; charset=zlib")) == 415
    assert asyncio.run(_through_asgi(b"application/json; charset=utf-8")) == 403


async def _through_asgi(kind: bytes) -> int:
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the caller stays on the line
        return waiting.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", kind)]
    path = "/whatsapp/webhook/"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    await importlib.import_module("config.asgi").application(scope, receive, send)
    return int(sent[0]["status"])
