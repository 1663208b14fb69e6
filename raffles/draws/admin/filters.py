from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raffles.draws.models import Award, Draw
from raffles.sales.admin.showing import money

DAY = timedelta(days=1)
NEAR = timedelta(days=3)
Status = Draw.Status


def closing(now: datetime) -> Q:
    return Q(status=Status.COMMITTED, closes_at__gt=now, closes_at__lte=now + DAY)


def waiting(now: datetime) -> Q:
    """Sales are over, and somebody is undecided: the minute sweep would have frozen it otherwise."""
    return Q(status=Status.COMMITTED, closes_at__lte=now)


def troubled() -> Q:
    return Q(status__in=[Status.COMMITTED, Status.CLOSED]) & ~Q(trouble="")


class NextFilter(SimpleListFilter):
    title = _("what is next")
    parameter_name = "next"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("closing", _("Sales end within a day")),
            ("waiting", _("Orders are undecided")),
            ("troubled", _("Something stops it")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "closing":
                return queryset.filter(closing(timezone.now()))
            case "waiting":
                return queryset.filter(waiting(timezone.now()))
            case "troubled":
                return queryset.filter(troubled())
        return queryset


def to_hand_over() -> Q:
    return Q(status=Award.Status.OPEN, claimed_at__isnull=False)


class ClaimFilter(SimpleListFilter):
    title = _("claim")
    parameter_name = "claim"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("claimed", _("Claimed, to be handed over")),
            ("unclaimed", _("Not claimed yet")),
            ("near", _("Not claimed, three days left")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        unclaimed = queryset.filter(status=Award.Status.OPEN, claimed_at=None)
        match self.value():
            case "claimed":
                return queryset.filter(to_hand_over())
            case "unclaimed":
                return unclaimed
            case "near":
                return unclaimed.filter(claim_until__lte=timezone.now() + NEAR)
        return queryset


class AmountFilter(SimpleListFilter):
    """Prizes of the same amount are one tier."""

    title = _("amount")
    parameter_name = "amount"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        amounts = model_admin.get_queryset(request).exclude(prize__amount_minor=None).order_by()
        found = set(amounts.values_list("prize__currency", "prize__amount_minor"))
        return [
            *((f"{currency}:{minor}", money(minor, currency)) for currency, minor in sorted(found)),
            ("none", _("Without an amount")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(prize__amount_minor=None)
        currency, colon, minor = value.partition(":")
        if not (colon and minor.isascii() and minor.isdigit() and len(minor) < 19):
            return queryset
        return queryset.filter(prize__currency=currency, prize__amount_minor=int(minor))
