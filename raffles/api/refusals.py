"""What the room itself refuses, whichever door asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal


@dataclass(eq=False)
class ScopeUnknown(Refusal):
    scopes: str


@dataclass(eq=False)
class NetworkUnreadable(Refusal):
    problem: str


@dataclass(eq=False)
class TokenOver(Refusal):
    prefix: str


@in_words.register
def _scope_unknown(refusal: ScopeUnknown, *, currency: str = "") -> str:
    return _("choose at least one scope, of those that there are")


@in_words.register
def _network_unreadable(refusal: NetworkUnreadable, *, currency: str = "") -> str:
    return _("this is no address or network: %(problem)s") % {"problem": refusal.problem}


@in_words.register
def _token_over(refusal: TokenOver, *, currency: str = "") -> str:
    return _("the token %(prefix)s is over, was revoked or was replaced already") % {"prefix": refusal.prefix}
