from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from raffles.api.serializing import MONEY, Amount, Money, PlainText, Strict, money_of
from raffles.api.views import examples
from raffles.numbers.models import Ticket
from raffles.sales.models import OVER, Order, OrderChange, Payment, PaymentProof
from raffles.sales.queries import missing_of


def with_numbers(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Three questions for a page of orders, however many numbers they have."""
    return orders.prefetch_related(_numbers())


def read_numbers(order: Order) -> None:
    """The same for one that is there already."""
    prefetch_related_objects([order], _numbers())


def _numbers() -> Prefetch[str]:
    return Prefetch("tickets", queryset=Ticket.objects.select_related("raffle").order_by("number"))


class OrderShown(serializers.ModelSerializer[Order]):
    total = Money("total_minor")
    player = serializers.IntegerField(source="player_id", read_only=True)
    raffle = serializers.SerializerMethodField()
    numbers = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields: tuple[str, ...] = (
            "id", "code", "status", "kind", "player", "raffle", "numbers", "total", "created_at",
            "confirmed_at", "expires_at", "closed_at", "late_since",
        )  # fmt: skip
        read_only_fields = fields

    def get_raffle(self, order: Order) -> int | None:
        """Null for an order of something else than numbers."""
        return next((ticket.raffle_id for ticket in order.tickets.all()), None)

    def get_numbers(self, order: Order) -> list[str]:
        """As they are shown to players. Of an order that is over: what it had."""
        tickets = sorted(order.tickets.all(), key=lambda ticket: ticket.number)
        live = [ticket for ticket in tickets if ticket.status != Ticket.Status.RELEASED]
        return [ticket.raffle.label(ticket.number) for ticket in live or tickets]


class ChangeShown(serializers.ModelSerializer[OrderChange]):
    """To a program staff are nobody in particular, and what they note for each other is not told."""

    from_status = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = OrderChange
        fields: tuple[str, ...] = ("from_status", "to_status", "at", "actor", "reason")
        read_only_fields = fields

    @extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/OrderStatus"}, {"type": "null"}]})
    def get_from_status(self, change: OrderChange) -> str | None:
        """Null where it began."""
        return change.from_status or None

    def get_actor(self, change: OrderChange) -> str:
        """`player`, `clock`, `staff` (to staff with the name, as `staff:ana`) or `api:` and a program."""
        is_named = self._is_for_staff or not change.actor.startswith("staff:")
        return change.actor if is_named else "staff"

    def get_reason(self, change: OrderChange) -> str:
        """Where money was confirmed it is a word among staff; elsewhere the player reads it too."""
        is_told = self._is_for_staff or not change.reason or not _confirms_money(change)
        return change.reason if is_told else ""

    @property
    def _is_for_staff(self) -> bool:
        return bool(self.context.get("as_staff"))


def _confirms_money(change: OrderChange) -> bool:
    """All that was missing, or a part: then the order waits again, as after a proof that was rejected."""
    if change.to_status != Order.Status.PENDING_PAYMENT:
        return change.to_status == Order.Status.PAID
    return Payment.objects.filter(order_id=change.order_id, confirmed_at=change.at).exists()


class OrderDetail(OrderShown):
    """One order, with what is still to pay and how it came to stand where it stands."""

    missing = serializers.SerializerMethodField()
    history = ChangeShown(source="changes", many=True, read_only=True)

    class Meta(OrderShown.Meta):
        fields = (*OrderShown.Meta.fields, "missing", "history")
        read_only_fields = fields

    @extend_schema_field(MONEY)
    def get_missing(self, order: Order) -> dict[str, str]:
        missing = 0 if order.status in OVER else max(0, missing_of(order))
        return money_of(missing, order.currency)


class Cancelled(OrderShown):
    released = serializers.IntegerField(read_only=True)

    class Meta(OrderShown.Meta):
        fields = (*OrderShown.Meta.fields, "released")
        read_only_fields = fields


class ProofShown(serializers.ModelSerializer[PaymentProof]):
    order = serializers.IntegerField(source="order_id", read_only=True)

    class Meta:
        model = PaymentProof
        fields: tuple[str, ...] = (
            "id", "order", "status", "content_type", "size", "sha256", "received_at", "decided_at", "reason",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(examples=examples.CONFIRM_PAYMENT)
class ConfirmPayment(Strict):
    amount = Amount(required=False, help_text="What came. Left out: exactly what is missing.")
    method = PlainText(max_length=40, allow_blank=True, default="")
    reference = PlainText(max_length=120, allow_blank=True, default="")
    reason = PlainText(
        max_length=1000, allow_blank=True, default="", help_text="Needed where the receipt was seen before."
    )


class ApprovePayment(Strict):
    amount = Amount(required=False)
    reason = PlainText(
        max_length=1000, allow_blank=True, default="", help_text="Needed where the receipt was seen before."
    )


class Reason(Strict):
    reason = PlainText(max_length=1000)


class OptionalReason(Strict):
    reason = PlainText(max_length=1000, allow_blank=True, default="")


class RefundOrder(Strict):
    reason = PlainText(max_length=1000)
    destination = PlainText(max_length=200, allow_blank=True, default="")


class Question(Strict):
    question = PlainText(max_length=1000)


class Upload(Strict):
    file = serializers.FileField()


def given(serializer: type[Strict], data: Any) -> dict[str, Any]:
    sent = serializer(data=data)
    sent.is_valid(raise_exception=True)
    found: dict[str, Any] = sent.validated_data
    return found
