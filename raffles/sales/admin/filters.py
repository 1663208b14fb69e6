from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.order_page import SOON
from raffles.sales.models import HELD, PaymentProof, PlayerCredit
from raffles.sales.sight import is_limited

LONG = timedelta(hours=1)


class ProofFilter(SimpleListFilter):
    title = _("proof")
    parameter_name = "proof"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("Proof waiting")),
            ("long", _("Proof waiting over an hour")),
            ("late", _("Late money")),
            ("none", _("Without proof")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        proofs = PaymentProof.objects.filter(order=OuterRef("pk"))
        waiting = proofs.filter(status=PaymentProof.Status.SUBMITTED)
        match self.value():
            case "waiting":
                return queryset.filter(Exists(waiting))
            case "long":
                return queryset.filter(Exists(waiting.filter(received_at__lte=timezone.now() - LONG)))
            case "late":
                return queryset.exclude(late_since=None)
            case "none":
                return queryset.filter(~Exists(proofs))
        return queryset


class ExpiryFilter(SimpleListFilter):
    title = _("time left")
    parameter_name = "expiry"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("soon", _("Within 5 minutes")), ("overdue", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now, held = timezone.now(), queryset.filter(status__in=HELD)
        match self.value():
            case "soon":
                return held.filter(expires_at__gt=now, expires_at__lte=now + SOON)
            case "overdue":
                return held.filter(expires_at__lte=now)
        return queryset


class SameFileFilter(SimpleListFilter):
    title = _("same file")
    parameter_name = "same"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("yes", _("Sent for another order too"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        twins = PaymentProof.objects.filter(sha256=OuterRef("sha256")).exclude(order=OuterRef("order"))
        return queryset.filter(Exists(twins))


class CreditFilter(SimpleListFilter):
    title = _("credit")
    parameter_name = "credit"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Without a choice the filter is not there."""
        return [] if is_limited(request.user) else [("yes", _("With credit"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(
            Exists(PlayerCredit.objects.filter(player=OuterRef("pk"), balance_minor__gt=0))
        )
