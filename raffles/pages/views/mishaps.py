"""What is not there, is gone, was asked for wrongly, or went wrong: in the look of the other pages.

Django calls these for every address of the site (config/urls.py), so they ask the database nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from raffles.pages.answers import NEVER_KEPT, page
from raffles.pages.languages import language_of

WRONG_REQUEST, FORBIDDEN, NOT_FOUND, GONE, TOO_MANY, FAILED, NOT_NOW = 400, 403, 404, 410, 429, 500, 503
STAFF = "/admin/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    with translation.override(language_of(request)):
        return _told(request, WRONG_REQUEST, gettext("This address cannot be read"), _mistyped())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    with translation.override(language_of(request)):
        said = gettext(
            "Your user may not do this, and nothing was done. If you need it, ask an administrator."
        )
        return _told(request, FORBIDDEN, gettext("Not allowed"), said)


def outdated_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Signing in anew, in whichever tab, makes the forms of before worthless (`CSRF_FAILURE_VIEW`)."""
    with translation.override(language_of(request)):
        said = gettext(
            "Nothing was done: since the page was opened you signed in anew, or this browser keeps no "
            "cookies. Go back, copy what you typed, load the page again and send it once more."
        )
        return _told(request, FORBIDDEN, gettext("The page is out of date"), said)


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
    """Staff start elsewhere than visitors."""
    start = reverse("admin:index" if request.path.startswith(STAFF) else "pages:home")
    context = {"status": status, "title": title, "said": said, "start": start}
    response = page(request, "pages/mishap.html", context, status=status)
    response.headers["Cache-Control"] = NEVER_KEPT
    return response
