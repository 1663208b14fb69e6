"""What is not there, is gone, was asked for wrongly, or went wrong: in the look of the other pages.

Django calls these for every address of the site (config/urls.py), so they ask the database nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext

from raffles.pages.answers import NEVER_KEPT, page
from raffles.pages.languages import language_of

WRONG_REQUEST, NOT_FOUND, GONE, TOO_MANY, FAILED, NOT_NOW = 400, 404, 410, 429, 500, 503


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    with translation.override(language_of(request)):
        return _told(request, WRONG_REQUEST, gettext("This address cannot be read"), _mistyped())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    with translation.override(language_of(request)):
        return _told(request, NOT_FOUND, gettext("There is nothing here"), _mistyped())


def failed(request: HttpRequest) -> HttpResponse:
    with translation.override(language_of(request)):
        said = gettext("This is our mistake. Try again in a moment.")
        return _told(request, FAILED, gettext("Something went wrong"), said)


def gone(request: HttpRequest, said: str) -> HttpResponse:
    return _told(request, GONE, gettext("This is no more"), said)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    said = gettext("Too many codes that are nobody's came from here. Try again in an hour.")
    response = _told(request, TOO_MANY, gettext("Please wait"), said)
    response.headers["Retry-After"] = str(seconds)
    return response


def not_now(request: HttpRequest, said: str) -> HttpResponse:
    return _told(request, NOT_NOW, gettext("Not now"), said)


def _mistyped() -> str:
    return gettext("The link may be old or mistyped. From the start page you find every raffle and draw.")


def _told(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    context = {"status": status, "title": title, "said": said}
    response = page(request, "pages/mishap.html", context, status=status)
    response.headers["Cache-Control"] = NEVER_KEPT
    return response
