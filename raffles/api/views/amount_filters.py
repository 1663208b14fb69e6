from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from raffles.api.serializing import Amount, minor_of
from raffles.sales.money import is_currency


class AmountFilters(filters.FilterSet):
    """Whoever takes these over declares `currency` too, and names the column of the amounts."""

    minor_column = ""

    amount_min = filters.CharFilter(method="at_least")
    amount_max = filters.CharFilter(method="at_most")

    def at_least(self, rows: QuerySet[Any], name: str, amount: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.minor_column}__gte": self._minor(name, amount)})

    def at_most(self, rows: QuerySet[Any], name: str, amount: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.minor_column}__lte": self._minor(name, amount)})

    def _minor(self, name: str, amount: str) -> int:
        """An amount means nothing without its currency."""
        currency = str(self.data.get("currency", "")).upper()
        if not is_currency(currency):
            raise ValidationError({"currency": [_("Name the currency that the amounts are in.")]})
        return minor_of(_amount(name, amount), currency, name)


def _amount(name: str, amount: str) -> str:
    try:
        return str(Amount().to_internal_value(amount))
    except ValidationError as problem:
        raise ValidationError({name: problem.detail}) from None
