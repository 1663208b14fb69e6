from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from raffles.api.serializing import Amount, Money, PlainText, Strict
from raffles.api.views import examples
from raffles.sales.models import Payment, Player, PlayerCredit, Refund
from raffles.sales.sight import is_limited

HIGHEST_ID = 2**63 - 1


class PaymentShown(serializers.ModelSerializer[Payment]):
    amount = Money("amount_minor")
    order = serializers.IntegerField(source="order_id", read_only=True, allow_null=True)
    player = serializers.IntegerField(source="player_id", read_only=True)

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ("id", "order", "player", "amount", "method", "reference", "confirmed_at")
        read_only_fields = fields


class RefundShown(serializers.ModelSerializer[Refund]):
    amount = Money("amount_minor")
    order = serializers.IntegerField(source="order_id", read_only=True, allow_null=True)
    player = serializers.IntegerField(source="player_id", read_only=True)

    class Meta:
        model = Refund
        fields: tuple[str, ...] = (
            "id", "order", "player", "status", "amount", "reason", "destination", "requested_at", "made_at",
            "reference", "dropped_at", "drop_reason",
        )  # fmt: skip
        read_only_fields = fields


class CreditShown(serializers.ModelSerializer[PlayerCredit]):
    balance = Money("balance_minor")

    class Meta:
        model = PlayerCredit
        fields: tuple[str, ...] = ("balance",)
        read_only_fields = fields


class PlayerShown(serializers.ModelSerializer[Player]):
    merged_into = serializers.IntegerField(source="merged_into_id", read_only=True, allow_null=True)

    class Meta:
        model = Player
        fields: tuple[str, ...] = (
            "id",
            "name",
            "language",
            "phone",
            "city",
            "created_at",
            "news_stopped_at",
            "merged_into",
        )
        read_only_fields = fields


class PlayerDetail(PlayerShown):
    credit = CreditShown(
        source="credits",
        many=True,
        read_only=True,
        help_text="For staff of the whole house; empty for others.",
    )

    class Meta(PlayerShown.Meta):
        fields = (*PlayerShown.Meta.fields, "credit")
        read_only_fields = fields

    def to_representation(self, instance: Player) -> dict[str, Any]:
        """Credit is of the whole house: programs, and staff who see some raffles only, are shown none."""
        shown: dict[str, Any] = super().to_representation(instance)
        user = self.context.get("staff")
        return shown | {"credit": []} if user is None or is_limited(user) else shown


@extend_schema_serializer(examples=examples.RECORD_PAYMENT)
class RecordPayment(Strict):
    player = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID)
    order = serializers.IntegerField(
        min_value=1, max_value=HIGHEST_ID, required=False, help_text="Only an order that is over."
    )
    amount = Amount()
    currency = PlainText(min_length=3, max_length=3)
    method = PlainText(max_length=40, allow_blank=True, default="")
    reference = PlainText(max_length=120, allow_blank=True, default="")


@extend_schema_serializer(examples=examples.REFUND)
class RequestRefund(Strict):
    player = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID)
    amount = Amount()
    currency = PlainText(min_length=3, max_length=3)
    destination = PlainText(max_length=200, allow_blank=True, default="")
    reason = PlainText(max_length=1000)


class MakeRefund(Strict):
    reference = PlainText(max_length=120, allow_blank=True, default="")
    evidence = serializers.FileField(required=False)


@extend_schema_serializer(examples=examples.PLAYER)
class RegisterPlayer(Strict):
    name = PlainText(max_length=120)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    phone = PlainText(max_length=32, allow_blank=True, default="")


class ChangePlayer(Strict):
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    phone = PlainText(max_length=32, allow_blank=True, required=False)
    news = serializers.BooleanField(required=False, help_text="False stops news that nobody asked for.")


class MergePlayers(Strict):
    gone = serializers.IntegerField(min_value=1, max_value=HIGHEST_ID, help_text="Becomes this one.")
