"""What django-axes is told: who tries, from where, and that some tries failed. Names are kept as a hash only:
people type passwords into the field of the name."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

Credentials = dict[str, Any]


def hashed_name(request: HttpRequest, credentials: Credentials | None = None) -> str:
    given = credentials if credentials else request.POST
    name = str(given.get("username") or "").strip().casefold()
    return salted_hmac("lockout", name, algorithm="sha256").hexdigest()


def cool_off(_request: HttpRequest | None = None) -> timedelta:
    return timedelta(minutes=settings.LOCKOUT_MINUTES)


def is_locked_out(request: HttpRequest, user: User) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def seconds_shut(request: HttpRequest, user_name: str) -> int:
    """Until the door opens again; a try meanwhile is not even looked at and makes it no longer."""
    name = hashed_name(request, {"username": user_name})
    tries = AccessAttempt.objects.filter(username=name, ip_address=get_client_ip_address(request))
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return max(1, math.ceil((last + cool_off() - timezone.now()).total_seconds()))


def count_wrong_code(request: HttpRequest, user: User) -> None:
    """A wrong code counts like a wrong password, so that nobody tries all million of them."""
    named = {"username": user.get_username()}
    user_login_failed.send(sender=__name__, credentials=named, request=request)


def told_to_wait(request: HttpRequest, _response: object = None, _credentials: object = None) -> HttpResponse:
    """The same whether or not there is such a user."""
    context = {**admin.site.each_context(request), "minutes": settings.LOCKOUT_MINUTES}
    return render(request, "admin/locked_out.html", context, status=429)
