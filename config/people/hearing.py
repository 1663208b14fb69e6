"""Sign-ins in the audit log. Django and axes tell of them by signals only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record

UNKNOWN = "unknown name"


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    user_locked_out.connect(_locked, dispatch_uid="audit")


def _signed_in(user: User, **_given: Any) -> None:
    record(Deed.SIGNED_IN, subject=user, user=user)


def _signed_out(user: User | None, **_given: Any) -> None:
    if user is not None:
        record(Deed.SIGNED_OUT, subject=user, user=user)


def _failed(credentials: dict[str, Any], request: Any = None, **_given: Any) -> None:
    """Not while somebody is locked out: who knocks on a shut door must not be able to fill the log."""
    if not getattr(request, "axes_locked_out", False):
        _note(Deed.SIGN_IN_FAILED, str(credentials.get("username") or ""))


def _locked(request: Any, **_given: Any) -> None:
    """Axes tells of it at every knock, and counts only at the first."""
    if getattr(request, "axes_failures_since_start", None) is not None:
        _note(Deed.SIGN_IN_FAILED, str(request.axes_credentials.get("username") or ""))
        _note(Deed.LOCKED_OUT, str(request.axes_credentials.get("username") or ""))


def _note(deed: Deed, name: str) -> None:
    """A name that is nobody's is not written down: it may be a password in the wrong field."""
    user = User.objects.filter(username__iexact=name).first() if name else None
    if user is not None:
        record(deed, subject=user, label=user.get_username(), actor=user.get_username())
    elif not _told_a_moment_ago(deed):
        record(deed, label=UNKNOWN, actor=UNKNOWN)


def _told_a_moment_ago(deed: Deed) -> bool:
    """Names can be invented without end: one line a minute stands for all of them."""
    since = timezone.now() - timedelta(minutes=1)
    return AuditEntry.objects.filter(action=deed, actor=UNKNOWN, at__gt=since).exists()
