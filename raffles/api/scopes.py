"""What a token may be asked for. It opens a door; behind it the user's own rights are asked for still."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    RAFFLES_READ = "raffles:read", _("read raffles and which numbers are taken")
    RAFFLES_RESERVE = "raffles:reserve", _("reserve numbers for players of its own")
    ORDERS_OWN = "orders:own", _("read the orders it made, add proofs to them, cancel them")
    CONTACTS_WRITE = "contacts:write", _("make players and contacts")
    WEBHOOKS_OWN = "webhooks:own", _("hear by webhook of the orders it made")
    STAFF_RAFFLES = "staff:raffles", _("change raffles")
    STAFF_DRAWS = "staff:draws", _("change rules, freeze, hold and call off draws")
    STAFF_ORDERS = "staff:orders", _("read all orders, proofs and payments; cancel orders")
    STAFF_PAYMENTS = "staff:payments", _("confirm and reject payments")
    STAFF_REFUNDS = "staff:refunds", _("request, make and drop refunds")
    STAFF_PLAYERS = "staff:players", _("read and change players")
    STAFF_MESSAGES = "staff:messages", _("read messages, contacts and templates")
    STAFF_WEBHOOKS = "staff:webhooks", _("hear by webhook of all sales, and manage webhooks")
    STAFF_TOKENS = "staff:tokens", _("make and revoke tokens")
    STAFF_ALL = "staff:*", _("everything that staff may do, except what concerns winners")
    # Not of those that `staff:*` gives: who won is asked for by its own name.
    AWARDS_READ = "awards:read", _("read who won; each look is written down")
    AWARDS_WRITE = "awards:write", _("hand prizes over and pass them on")


def is_of_staff(scope: str) -> bool:
    """What it opens is for staff, by their own rights."""
    return scope.startswith(("staff:", "awards:"))


def opens(scopes: Collection[str], wanted: str) -> bool:
    """Every scope of staff lets read raffles; nothing else is meant by what it does not say."""
    if wanted in scopes:
        return True
    if wanted.startswith("staff:"):
        return Scope.STAFF_ALL in scopes
    return wanted == Scope.RAFFLES_READ and any(scope.startswith("staff:") for scope in scopes)
