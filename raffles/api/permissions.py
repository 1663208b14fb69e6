"""Closed unless a view says what it needs: a scope, and for staff the user's own right besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from raffles.api.authentication import Grant
from raffles.api.errors import ScopeMissing
from raffles.api.scopes import is_of_staff, opens
from raffles.sales.rights import may_decide, require_decision


@dataclass(frozen=True)
class Need:
    """Any one of the scopes opens the door. `right` is asked of who comes as staff."""

    scopes: tuple[str, ...]
    right: str = ""
    decides: bool = False


class Needs(BasePermission):
    """Tells the view whether it opened to staff, who see more than a program sees of its own."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(view, "action", None) is None:  # no such method here: 405, whoever asks
            return True
        need: Need | None = view.needs.get(view.action)
        if need is None or not isinstance(request.auth, Grant):
            return False
        shown = [scope for scope in need.scopes if opens(request.auth.scopes, scope)]
        if not shown:
            raise ScopeMissing(need.scopes[0])
        own = [scope for scope in shown if not is_of_staff(scope)]
        view.as_staff = len(own) < len(shown) and _has_right(request.user, need, alone=not own)
        return view.as_staff or bool(own)


def _has_right(user: Any, need: Need, *, alone: bool) -> bool:
    """Where the token opens the door in another way too, a missing right only closes the wider one.

    Who is no staff any more is let into no page, whatever their groups say, and so is no token of theirs.
    """
    if not user.is_staff:
        return False
    if need.decides and alone:
        require_decision(user, need.right)
    if need.decides:
        return may_decide(user, need.right)
    return not need.right or bool(user.has_perm(need.right))
