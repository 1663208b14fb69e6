"""Fields that every object of the API writes and reads the same way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from raffles.api.errors import UnknownField
from raffles.sales.errors import CurrencyUnknown
from raffles.sales.money import is_currency, minor_digits

_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,4}))?")
# More than any currency has of it, and still what every database can add up.
HIGHEST_MINOR = 10**15
MONEY = {"$ref": "#/components/schemas/Money"}
AMOUNT_PATTERN = r"^[0-9]{1,15}(\.[0-9]{1,4})?$"


def told(row: Any, shown: Callable[..., serializers.BaseSerializer[Any]], *, as_staff: bool = False) -> Any:
    """A row as it is shown; to staff some fields tell more."""
    return _made(shown, as_staff).to_representation(row)


@cache
def _made(
    shown: Callable[..., serializers.BaseSerializer[Any]], as_staff: bool
) -> serializers.BaseSerializer[Any]:
    """One for all answers: making its fields from the model costs more than filling them."""
    return shown(context={"as_staff": as_staff})


class Strict(serializers.Serializer[Any]):
    """Fields that are not here, or only read, are refused by name before anything else."""

    def to_internal_value(self, data: Any) -> Any:
        if hasattr(data, "keys"):
            refuse_unknown_fields(self, data)
        return super().to_internal_value(data)


def refuse_unknown_fields(serializer: serializers.Serializer[Any], data: Any) -> None:
    written = {name for name, field in serializer.fields.items() if not field.read_only}
    unknown = sorted(set(map(str, data.keys())) - written)
    if unknown:
        raise UnknownField(unknown)


class PlainText(serializers.CharField):
    """No control signs: databases refuse some of them, and no name or reason needs any."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if isinstance(value, str) and any(ord(sign) < 32 and sign not in "\n\r\t" for sign in value):
            raise ValidationError(_now("Control characters are not taken."))
        return value


class Instant(serializers.DateTimeField):
    """What is sent. At the ends of the calendar there are some that in UTC, as they are stored, are none."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            found: datetime = super().to_internal_value(value)
            found.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")
        return found


@extend_schema_field({"type": "string", "pattern": AMOUNT_PATTERN, "examples": ["50000", "12.50"]})
class Amount(serializers.Field[Any, Any, Any, Any]):
    """What is sent: digits in a string, in the currency's own decimals. Floats lose money."""

    default_error_messages = {"amount": _("Write an amount as a string of digits, such as “12.50”.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not _AMOUNT.fullmatch(data):
            self.fail("amount")
        return data

    def to_representation(self, value: Any) -> str:
        return str(value)


def minor_of(amount: str, currency: str, field: str = "amount") -> int:
    """In minor units; more decimals than the currency has are refused and never rounded."""
    digits = minor_digits(currency)
    scaled = Decimal(amount).scaleb(digits)
    if scaled != scaled.to_integral_value():
        told = _now("%(currency)s has %(digits)d decimals.") % {"currency": currency, "digits": digits}
        raise ValidationError({field: [told]})
    if scaled > HIGHEST_MINOR:
        raise ValidationError({field: [_now("That is more money than there is.")]})
    return int(scaled)


def money_of(minor: int, currency: str) -> dict[str, str]:
    digits = minor_digits(currency)
    return {"amount": f"{Decimal(minor).scaleb(-digits):.{digits}f}", "currency": currency}


@extend_schema_field(MONEY)
class Money(serializers.Field[Any, Any, Any, Any]):
    """What is shown: amount and currency of one column of a row."""

    def __init__(self, minor: str, **options: Any) -> None:
        self.minor = minor
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row: Any) -> dict[str, str]:
        return money_of(getattr(row, self.minor), row.currency)


def require_currency(currency: str) -> str:
    if not is_currency(currency):
        raise CurrencyUnknown(currency)
    return currency
