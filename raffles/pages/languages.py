"""Which language a visitor reads: asked for in the address, then remembered, then what the browser says."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language_from_request

ASKED = "lang"


@dataclass(frozen=True)
class Choice:
    code: str
    name: str
    href: str
    is_chosen: bool


def asked_language(request: HttpRequest) -> str:
    """Empty where none is asked for, or one that is not spoken here."""
    code = request.GET.get(ASKED, "").lower()
    return code if code in dict(settings.LANGUAGES) else ""


def language_of(request: HttpRequest) -> str:
    return asked_language(request) or get_language_from_request(request)


def choices(request: HttpRequest) -> list[Choice]:
    """Links, so that they work without a script; whatever else the address asks for stays asked for."""
    chosen = language_of(request)
    return [Choice(code, name, _href(request, code), code == chosen) for code, name in settings.LANGUAGES]


def remember(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _href(request: HttpRequest, code: str) -> str:
    """Written anew: a request that names another charset may hold what that charset cannot write."""
    asked = QueryDict(mutable=True)
    asked.update(request.GET)
    asked[ASKED] = code
    return f"?{asked.urlencode()}"
