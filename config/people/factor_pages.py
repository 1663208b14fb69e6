"""Where staff set their second factor up, renew its recovery codes, or remove it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from axes.helpers import get_lockout_response
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from config.people.lockout import count_wrong_code, is_locked_out
from config.people.second_factor import (
    SHOWN_FOR,
    add_factor,
    address_of,
    has_factor,
    new_recovery_codes,
    new_secret,
    picture_of,
    recovery_codes_left,
    remove_factor,
    take_code,
)
from config.people.sign_in import CodeForm
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.rights import lacks_second_factor

SECRET = "second_factor_secret"  # noqa: S105 - the name of a place in the session

Carried = Callable[[User], HttpResponse]


@sensitive_post_parameters("code")
def overview(request: HttpRequest) -> HttpResponse:
    """Without a factor the square to scan, with one what can be done about it."""
    user = _user(request)
    if has_factor(user):
        return _page(request, form=CodeForm(), has_factor=True, codes_left=recovery_codes_left(user))
    return _enrol(request, user)


def _enrol(request: HttpRequest, user: User) -> HttpResponse:
    secret = request.session.setdefault(SECRET, new_secret())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if add_factor(user, secret, form.cleaned_data["code"], timezone.now()):
                record(Deed.FACTOR_ADDED, subject=user, user=user)
                return _enrolled(request, user)
        form.add_error("code", _("This is not the code of now. Is the clock of the phone right?"))
    address = address_of(user, secret)
    return _page(request, form=form, secret=secret, address=address, picture=_drawn(address))


def _enrolled(request: HttpRequest, user: User) -> HttpResponse:
    """A new key for the session: it may do more from now on."""
    del request.session[SECRET]
    request.session.cycle_key()
    request.session[SHOWN_FOR] = user.pk
    cast(Any, user).has_shown_second_factor = True  # the page that answers must not ask for it once more
    return _page(request, codes=new_recovery_codes(user), has_factor=True)


@require_POST
@sensitive_post_parameters("code")
def renew_codes(request: HttpRequest) -> HttpResponse:
    def carry(user: User) -> HttpResponse:
        record(Deed.CODES_RENEWED, subject=user, user=user)
        return _page(request, codes=new_recovery_codes(user), has_factor=True)

    return _with_code(request, carry)


@require_POST
@sensitive_post_parameters("code")
def remove(request: HttpRequest) -> HttpResponse:
    def carry(user: User) -> HttpResponse:
        remove_factor(user, timezone.now())
        record(Deed.FACTOR_REMOVED, subject=user, user=user)
        request.session.pop(SHOWN_FOR, None)
        messages.success(request, _("The second factor is removed."))
        return redirect("second_factor")

    return _with_code(request, carry)


def _with_code(request: HttpRequest, carry: Carried) -> HttpResponse:
    """Who found an open session must not be able to take the factor away: a code is asked for again."""
    user, form = _user(request), CodeForm(request.POST)
    if is_locked_out(request, user):
        return cast(HttpResponse, get_lockout_response(request))
    if form.is_valid() and take_code(user, form.cleaned_data["code"], timezone.now()):
        with transaction.atomic():
            return carry(user)
    if form.is_valid():
        count_wrong_code(request, user)
    messages.error(request, _("This code is wrong or was used before. Wait for the next one."))
    return redirect("second_factor")


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    shown = {
        **admin.site.each_context(request),
        "title": _("Second factor"),
        "is_needed": lacks_second_factor(request.user),
        **context,
    }
    return TemplateResponse(request, "admin/second_factor.html", shown)


def _drawn(address: str) -> SafeString:
    """Without the declaration of a document of its own, which does not belong inside a page."""
    return mark_safe(picture_of(address).partition("?>")[2])  # noqa: S308 - our own drawing


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
