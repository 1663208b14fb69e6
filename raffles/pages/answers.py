"""How every public page answers: read only, in the visitor's language, sealed against foreign scripts, and
asked for again by its ETag.

The ETag is made of what is answered, so that nothing that changes it can be forgotten: a number that is sold
changes it. What is costly to make says its own before it is made (`answered_before`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from raffles.pages.languages import asked_language, choices, language_of, remember

View = Callable[..., HttpResponseBase]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
AGAIN_EACH_TIME = "no-cache"
NEVER_KEPT = "private, no-store"


def public(view: View) -> View:
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(language_of(request)):
            response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            return _finished(request, response)
        return response

    return shown


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    around = {
        "languages": choices(request),
        "language": translation.get_language(),
        "site": settings.SITE_URL,
        "here": settings.SITE_URL + request.path,
    }
    response = render(request, template, {**around, **(context or {})}, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    seal(response)
    return response


def as_json(document: Any) -> HttpResponse:
    return HttpResponse(compact(document), content_type="application/json")


def compact(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def tag_of(*facts: object) -> str:
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def answered_before(request: HttpRequest, tag: str) -> HttpResponseBase | None:
    """“304 Not Modified” for whoever has it already, before anything is made."""
    response = get_conditional_response(request, etag=tag)
    if response is not None:
        response.headers["ETag"] = tag
    return response


def seal(response: HttpResponse) -> None:
    """Nothing of others, and no script but those of our files: none stands in a page itself."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "DENY"


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", AGAIN_EACH_TIME)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
    if asked := asked_language(request):
        remember(response, asked)
    if response.status_code != 200 or response.headers["Cache-Control"] == NEVER_KEPT:
        return response
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return found or response
