"""Whether somebody may move money now: the right itself, and a second factor where their group needs one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied


class SecondFactorMissing(PermissionDenied):
    """They have the right and may look; who decides must have shown a second factor in this session."""


def may_decide(user: Any, permission: str) -> bool:
    return bool(user.has_perm(permission)) and not lacks_second_factor(user)


def require_decision(user: Any, permission: str) -> None:
    if not user.has_perm(permission):
        raise PermissionDenied
    if lacks_second_factor(user):
        raise SecondFactorMissing


def lacks_second_factor(user: Any) -> bool:
    """Who comes through no door that asks for one, as a test or a shell, has not shown any."""
    groups = settings.SECOND_FACTOR_GROUPS
    if not groups or getattr(user, "has_shown_second_factor", False):
        return False
    return bool(user.groups.filter(name__in=groups).exists())
