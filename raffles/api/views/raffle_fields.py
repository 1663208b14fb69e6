from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from raffles.api.serializing import Amount, Instant, Money, PlainText, Strict, minor_of
from raffles.api.views import examples
from raffles.api.views.pictures import PictureShown
from raffles.numbers.models import Raffle
from raffles.numbers.rules import HIGHEST_NUMBER, HIGHEST_PER_ORDER, LONGEST_HOLD_MINUTES
from raffles.sales.money import is_currency

INSTANTS = ("sales_open_at", "sales_close_at", "draw_at")
# What is not called in the table as it is called here.
_COLUMNS = {"price": "price_minor"}
WHOLE = {
    "first_number": (0, HIGHEST_NUMBER),
    "last_number": (0, HIGHEST_NUMBER),
    "number_width": (0, 9),
    "hold_minutes": (1, LONGEST_HOLD_MINUTES),
    "min_per_order": (1, HIGHEST_PER_ORDER),
    "max_per_order": (1, HIGHEST_PER_ORDER),
    "max_per_player": (1, HIGHEST_NUMBER),
}


class RaffleShown(serializers.ModelSerializer[Raffle]):
    """A raffle as anybody with a token may see it."""

    price = Money("price_minor")
    size = serializers.IntegerField(read_only=True)
    picture = PictureShown()

    class Meta:
        model = Raffle
        fields: tuple[str, ...] = (
            "id", "code", "title", "description", "status", "price", "first_number", "last_number",
            "number_width", "size", *INSTANTS, "time_zone", "hold_minutes", "min_per_order", "max_per_order",
            "max_per_player", "payment_instructions", "picture",
        )  # fmt: skip
        read_only_fields = fields


def _whole(name: str, **options: Any) -> serializers.IntegerField:
    lowest, highest = WHOLE[name]
    return serializers.IntegerField(min_value=lowest, max_value=highest, **options)


@extend_schema_serializer(examples=examples.RAFFLE)
class RaffleWritten(Strict):
    """What is sent to make a raffle or to change one; its rules are the model's own."""

    code = PlainText(max_length=12)
    title = PlainText(max_length=120)
    description = PlainText(max_length=5000, allow_blank=True, required=False)
    price = Amount()
    currency = PlainText(max_length=3, min_length=3)
    first_number = _whole("first_number", required=False)
    last_number = _whole("last_number")
    number_width = _whole("number_width", required=False)
    sales_open_at = Instant()
    sales_close_at = Instant()
    draw_at = Instant()
    time_zone = PlainText(max_length=64)
    hold_minutes = _whole("hold_minutes", required=False)
    min_per_order = _whole("min_per_order", required=False)
    max_per_order = _whole("max_per_order", required=False)
    max_per_player = _whole("max_per_player", required=False, allow_null=True)
    payment_instructions = PlainText(max_length=5000)

    def validate_currency(self, currency: str) -> str:
        if not is_currency(currency):
            raise serializers.ValidationError(_("This is not a currency; use its three letters."))
        return currency

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """As a row that would be saved: what the model refuses, this refuses under the same field's name."""
        raffle = self.instance or Raffle()
        fields = dict(given)
        if "price" in fields:
            fields["price_minor"] = minor_of(
                fields.pop("price"), fields.get("currency") or raffle.currency, "price"
            )
        for name, value in fields.items():
            setattr(raffle, name, value)
        try:
            raffle.full_clean()
        except ModelError as problem:
            raise serializers.ValidationError(_named_as_sent(problem)) from None
        return {"raffle": raffle}


def columns_of(sent: Iterable[str]) -> list[str]:
    """Only these are written: whoever closes the raffle at the same moment must not be undone."""
    return [_COLUMNS.get(name, name) for name in sent]


def _named_as_sent(problem: ModelError) -> dict[str, list[str]]:
    errors = problem.message_dict
    names = {column: name for name, column in _COLUMNS.items()}
    return {names.get(name, name): list(said) for name, said in errors.items()}
