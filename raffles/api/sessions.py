"""Tokens for people in an app: a short one to call with, a longer one that buys the next pair once.

Whoever shows a used one again has stolen it or was robbed: the session of both is closed.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken, Token

from raffles.api.models import AppSession

SESSION, PASSWORD = "session", "hash_password"


def first_pair(user: User, *, second_factor: bool, now: datetime) -> dict[str, str]:
    refresh = RefreshToken.for_user(user)
    session = AppSession.objects.create(
        key=uuid.uuid4(),
        user=user,
        newest=refresh["jti"],
        second_factor=second_factor,
        opened_at=now,
        expires_at=now + RefreshToken.lifetime,
    )
    return _pair(refresh, session)


def next_pair(shown: str, now: datetime) -> dict[str, str]:
    """Raises TokenError for what is no good, and for what was good once: that closes its session."""
    used = _read(shown)
    session = _session_of(used)
    refresh = RefreshToken.for_user(session.user)
    if refresh[PASSWORD] != used.get(PASSWORD):
        close(session, now)
        raise TokenError("the password changed")
    # Compare-and-set: of two that come at once one is the second, and looks like a thief.
    newest = AppSession.objects.filter(pk=session.pk, newest=used["jti"], closed_at=None)
    if not newest.update(newest=refresh["jti"], expires_at=now + RefreshToken.lifetime):
        close(session, now)
        raise TokenError("used before")
    return _pair(refresh, session)


def end(shown: str, now: datetime) -> None:
    close(_session_of(_read(shown)), now)


def close(session: AppSession, now: datetime) -> None:
    AppSession.objects.filter(pk=session.pk, closed_at=None).update(closed_at=now)


def close_all(user: User, now: datetime) -> None:
    AppSession.objects.filter(user=user, closed_at=None).update(closed_at=now)


def open_session(access: Token) -> AppSession:
    """Asked at every call, so that signing out ends what is left of the short token as well."""
    return _session_of(access)


def _read(shown: str) -> RefreshToken:
    return RefreshToken(shown)  # type: ignore[arg-type]  # what its own serializers do as well


def _session_of(token: Token) -> AppSession:
    try:
        key = uuid.UUID(str(token.get(SESSION)))
    except ValueError:
        raise TokenError("no session") from None
    found = AppSession.objects.select_related("user").filter(pk=key, closed_at=None).first()
    if found is None or not found.user.is_active or str(found.user_id) != str(token.get("user_id")):
        raise TokenError("the session is closed")
    return found


def _pair(refresh: RefreshToken, session: AppSession) -> dict[str, str]:
    refresh[SESSION] = str(session.pk)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}
