"""What is asked and told about the numbers of one raffle."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from raffles.api.serializing import MONEY, Strict, money_of
from raffles.api.taken import Taken
from raffles.api.views import examples
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.rules import HIGHEST_NUMBER, HIGHEST_PER_ORDER

_HIGHEST_ID = 2**63 - 1
LIVE = [choice for choice in Ticket.Status.choices if choice[0] != Ticket.Status.RELEASED]


@extend_schema_serializer(examples=examples.RESERVE)
class Reserve(Strict):
    player = serializers.IntegerField(min_value=1, max_value=_HIGHEST_ID)
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=HIGHEST_NUMBER),
        required=False,
        min_length=1,
        max_length=HIGHEST_PER_ORDER,
        help_text="Exactly these; or leave them out and say how many by chance.",
    )
    random = serializers.IntegerField(min_value=1, max_value=HIGHEST_PER_ORDER, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("numbers" in given) == ("random" in given):
            raise ValidationError({"numbers": [_("Say either which numbers or how many by chance.")]})
        return given

    def validate_numbers(self, numbers: list[int]) -> list[int]:
        if len(set(numbers)) < len(numbers):
            raise ValidationError(_("A number is named twice."))
        return numbers

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        given = cls(data=request.data)
        given.is_valid(raise_exception=True)
        wish: dict[str, Any] = given.validated_data
        return wish


class Span(NamedTuple):
    first: int
    last: int


class Window(Strict):
    first = serializers.IntegerField(min_value=0, max_value=HIGHEST_NUMBER, required=False)
    last = serializers.IntegerField(min_value=0, max_value=HIGHEST_NUMBER, required=False)

    @classmethod
    def of(cls, raffle: Raffle, request: Request) -> Span:
        asked = cls(data=request.query_params)
        asked.is_valid(raise_exception=True)
        first = max(asked.validated_data.get("first", 0), raffle.first_number)
        last = min(asked.validated_data.get("last", HIGHEST_NUMBER), raffle.last_number)
        if first > last:
            raise ValidationError({"first": [_("No number of this raffle is in that window.")]})
        return Span(first, last)


class TakenShown(serializers.Serializer[Any]):
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    encoding = serializers.ChoiceField(choices=[Taken.RANGES, Taken.BITMAP])
    data: Any = serializers.CharField(allow_blank=True)


class Availability(serializers.Serializer[Any]):
    size = serializers.IntegerField()
    free = serializers.IntegerField()
    reserved = serializers.IntegerField()
    sold = serializers.IntegerField()
    taken = TakenShown()
    next_first = serializers.IntegerField(allow_null=True)


class TicketFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=LIVE)
    number = filters.NumberFilter(min_value=0, max_value=HIGHEST_NUMBER, decimal_places=0)


class TicketShown(serializers.Serializer[Ticket]):
    number = serializers.IntegerField()
    label: Any = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=LIVE)
    price = serializers.SerializerMethodField()

    def get_label(self, ticket: Ticket) -> str:
        return ticket.raffle.label(ticket.number)

    @extend_schema_field(MONEY)
    def get_price(self, ticket: Ticket) -> dict[str, str]:
        return money_of(ticket.price_minor, ticket.raffle.currency)
