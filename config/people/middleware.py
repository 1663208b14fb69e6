from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from config.people.second_factor import SHOWN_FOR
from raffles.sales.rights import SecondFactorMissing


class SecondFactor:
    """Says of the user whether this session has shown a second factor; leads who lacks one to get it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _marked(request))  # type: ignore[assignment]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecondFactorMissing):
            return None
        messages.warning(request, _("This needs a second factor: set it up here, or sign in again with it."))
        return redirect("second_factor")


def _marked(request: HttpRequest) -> Any:
    user: Any = get_user(request)
    user.has_shown_second_factor = user.pk is not None and request.session.get(SHOWN_FOR) == user.pk
    return user
