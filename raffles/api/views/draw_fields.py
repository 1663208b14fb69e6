from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from raffles.api.serializing import (
    MONEY,
    Amount,
    Instant,
    PlainText,
    Strict,
    minor_of,
    money_of,
    require_currency,
)
from raffles.api.views import examples
from raffles.api.views.pictures import PictureShown
from raffles.draws.actions.type_result import LONGEST_RESULT
from raffles.draws.models import Draw, Prize, RuleVersion
from raffles.draws.queries import shown_winners
from raffles.numbers.actions import PrizePlan, RuleChange
from raffles.numbers.rules import HIGHEST_NUMBER

HIGHEST_ID = 2**63 - 1
HIGHEST_ROUND = 2**53 - 1
MOST_RESULTS = 2000


class DrawShown(serializers.ModelSerializer[Draw]):
    """What is public of a draw; staff see those that are still being planned as well."""

    raffle = serializers.IntegerField(source="raffle.pk", read_only=True)
    title = serializers.CharField(source="raffle.title", read_only=True)
    entries = serializers.IntegerField(source="entry_count", read_only=True, allow_null=True)

    class Meta:
        model = Draw
        fields: tuple[str, ...] = (
            "code", "raffle", "title", "status", "method", "closes_at", "draws_at", "rule_digest",
            "secret_hash", "closed_at", "entries", "root", "drawn_at", "called_off_at", "called_off_reason",
        )  # fmt: skip
        read_only_fields = fields


class RuleShown(serializers.ModelSerializer[RuleVersion]):
    class Meta:
        model = RuleVersion
        fields: tuple[str, ...] = ("version", "published_at", "digest", "reason", "text")
        read_only_fields = fields


class PrizeShown(serializers.ModelSerializer[Prize]):
    amount = serializers.SerializerMethodField()
    picture = PictureShown()

    class Meta:
        model = Prize
        fields: tuple[str, ...] = ("rank", "label", "quantity", "amount", "picture")
        read_only_fields = fields

    @extend_schema_field({"oneOf": [MONEY, {"type": "null"}]})
    def get_amount(self, prize: Prize) -> dict[str, str] | None:
        return None if prize.amount_minor is None else money_of(prize.amount_minor, prize.currency)


class WinnerShown(serializers.Serializer[Any]):
    rank = serializers.IntegerField()
    unit = serializers.IntegerField()
    prize = serializers.CharField()
    number = serializers.IntegerField()
    name = serializers.CharField(help_text="What the winner allows to be shown; empty for everybody else.")
    is_lost = serializers.BooleanField()
    lost_why = serializers.CharField(help_text="`UNCLAIMED`, `GIVEN_UP`, `REFUNDED`, `BARRED` or empty.")


class ExcludedShown(serializers.Serializer[Any]):
    order = serializers.CharField(source="order.code")
    numbers = serializers.ListField(child=serializers.IntegerField())
    reason = serializers.CharField()


class DrawDetail(DrawShown):
    """One draw with its rules and its result. Entries and their marks are in its proof."""

    rules = RuleShown(many=True, read_only=True)
    prizes = PrizeShown(many=True, read_only=True)
    excluded = ExcludedShown(source="exclusions", many=True, read_only=True)
    fallback = serializers.CharField(
        read_only=True, help_text="`SECRET_LOST`, `BEACON_MISSING`, or empty where none was needed."
    )
    beacon_round = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The round that counts, from closing on."
    )
    results = serializers.ListField(
        source="typed",
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="Of a lottery or barrel, once two people have typed the same.",
    )
    secret = serializers.CharField(read_only=True, help_text="Empty until the result is there.")
    sequence = serializers.ListField(
        child=serializers.IntegerField(),
        read_only=True,
        allow_null=True,
        help_text="Null until the draw was held.",
    )
    winners = serializers.SerializerMethodField()

    class Meta(DrawShown.Meta):
        fields = (
            *DrawShown.Meta.fields, "rules", "prizes", "excluded", "fallback", "beacon_round",
            "beacon_signature", "results", "witnesses", "secret", "seed", "sequence", "winners",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WinnerShown(many=True))
    def get_winners(self, draw: Draw) -> Any:
        return WinnerShown(shown_winners(draw), many=True).data


class MinutesShown(serializers.Serializer[Any]):
    sha256 = serializers.CharField(help_text="Of the JSON; it is on the paper too.")
    text = serializers.CharField(help_text="The JSON itself, to the letter. Its fields are in docs/draws.md.")


class ReceiptStep(serializers.Serializer[Any]):
    side = serializers.ChoiceField(choices=["left", "right"])
    hash = serializers.CharField()


class ReceiptShown(serializers.Serializer[Any]):
    """The receipt of a number (docs/draws.md): with it its owner checks alone that it takes part."""

    format = serializers.CharField()
    code = serializers.CharField()
    root = serializers.CharField()  # type: ignore[assignment]  # a field hides an attribute of its class
    count = serializers.IntegerField()
    position = serializers.IntegerField()
    number = serializers.IntegerField()
    order = serializers.CharField()
    salt = serializers.CharField()
    mark = serializers.CharField()
    path = ReceiptStep(many=True)


class PublicReason(Strict):
    reason = PlainText(max_length=500, help_text="Everybody reads it, for good: name nobody in it.")


class ExcludeOrder(Strict):
    order = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID)
    reason = PlainText(max_length=200, help_text="Everybody reads it, for good: name nobody in it.")


class RecordBeacon(Strict):
    round = serializers.IntegerField(min_value=1, max_value=HIGHEST_ROUND)
    signature = PlainText(max_length=192)


class TypeResult(Strict):
    values = serializers.ListField(
        child=PlainText(max_length=LONGEST_RESULT), min_length=1, max_length=MOST_RESULTS
    )
    witnesses = PlainText(max_length=500, allow_blank=True, default="")


class PrizeWritten(Strict):
    rank = serializers.IntegerField(min_value=1, max_value=100)
    label = PlainText(max_length=120)  # type: ignore[assignment]  # a field hides an attribute of its class
    quantity = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    amount = Amount(required=False)
    currency = PlainText(min_length=3, max_length=3, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("amount" in given) != ("currency" in given):
            raise ValidationError({"amount": [_("An amount has a currency, and a currency an amount.")]})
        return given


@extend_schema_serializer(examples=examples.RULE)
class ChangeRule(Strict):
    """What becomes otherwise; what is left out stays. Prizes are given whole."""

    sales_close_at = Instant(required=False)
    draw_at = Instant(required=False)
    last_number = serializers.IntegerField(min_value=0, max_value=HIGHEST_NUMBER, required=False)
    lottery_drawing = PlainText(
        max_length=80, required=False, help_text="Of an official lottery: which of its drawings counts then."
    )
    prizes = PrizeWritten(many=True, required=False, max_length=100)  # type: ignore[call-arg]  # of the list
    reason = PlainText(max_length=500, help_text="Everybody reads it beside the new rule: name nobody in it.")

    def validate_prizes(self, prizes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        ranks = [prize["rank"] for prize in prizes]
        if len(set(ranks)) < len(ranks):
            raise ValidationError(_("Two prizes have the same rank."))
        return prizes


def change_of(words: dict[str, Any]) -> RuleChange:
    terms = {
        name: words.get(name) for name in ("sales_close_at", "draw_at", "last_number", "lottery_drawing")
    }
    prizes = [_plan(prize) for prize in words["prizes"]] if "prizes" in words else None
    return RuleChange(prizes=prizes, **terms)


def _plan(prize: dict[str, Any]) -> PrizePlan:
    if "amount" not in prize:
        return PrizePlan(prize["rank"], prize["label"], prize["quantity"])
    currency = require_currency(prize["currency"])
    minor = minor_of(prize["amount"], currency, "prizes")
    if minor < 1:
        raise ValidationError({"prizes": [_("An amount is more than nothing.")]})
    return PrizePlan(prize["rank"], prize["label"], prize["quantity"], minor, currency)
