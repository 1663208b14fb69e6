from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raffles.numbers.models import Raffle


class SalesFilter(SimpleListFilter):
    title = _("sales")
    parameter_name = "sales"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("open", _("On sale now")), ("sold_out", _("Sold out")), ("over", _("Sales over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """On rows that carry `reserved` and `sold`."""
        now = timezone.now()
        match self.value():
            case "open":
                on_sale = queryset.filter(status=Raffle.Status.ACTIVE)
                return on_sale.filter(sales_open_at__lte=now, sales_close_at__gt=now)
            case "sold_out":
                return queryset.filter(sold__gt=F("last_number") - F("first_number"))
            case "over":
                return queryset.filter(sales_close_at__lte=now)
        return queryset
