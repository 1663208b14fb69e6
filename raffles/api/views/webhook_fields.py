from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from raffles.api.serializing import Instant, PlainText, Strict
from raffles.api.views import examples
from raffles.hooks.catalogue import ALL_KINDS, EventKind
from raffles.hooks.models import Attempt, Delivery, Subscription
from raffles.hooks.rules import LONGEST_ADDRESS

LONGEST_OVERLAP_HOURS = 24 * 7


class WebhookShown(serializers.ModelSerializer[Subscription]):
    url = serializers.SerializerMethodField(
        help_text="In full for who may change it: some services put a key into it. Else without its path."
    )
    events = serializers.ListField(
        source="kinds", child=serializers.ChoiceField(choices=EventKind.choices), read_only=True
    )
    owner = serializers.CharField(source="owner.username", read_only=True)
    program = serializers.CharField(read_only=True, help_text="Empty for a webhook of a person.")
    disabled_why = serializers.CharField(
        read_only=True,
        help_text="`STAFF`; `GONE` or `FAILING`: it stopped by itself. Empty while it is on.",
    )
    rests_until = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="It asked to be left alone until then."
    )

    class Meta:
        model = Subscription
        fields: tuple[str, ...] = (
            "id", "url", "description", "events", "owner", "program", "created_at", "disabled_at",
            "disabled_why", "rests_until",
        )  # fmt: skip
        read_only_fields = fields

    def get_url(self, webhook: Subscription) -> str:
        if self.context.get("in_full"):
            return webhook.url
        parts = urlsplit(webhook.url)
        return f"{parts.scheme}://{parts.hostname or ''}/…"


class WebhookMade(WebhookShown):
    secret = serializers.CharField(read_only=True, help_text="Shown here and never again.")

    class Meta(WebhookShown.Meta):
        fields = (*WebhookShown.Meta.fields, "secret")
        read_only_fields = fields


class _Asked(Strict):
    url = PlainText(max_length=LONGEST_ADDRESS)
    events = serializers.ListField(
        source="kinds",
        child=serializers.ChoiceField(choices=EventKind.choices),
        min_length=1,
        max_length=len(EventKind) * 2,
    )


@extend_schema_serializer(examples=examples.WEBHOOK)
class MakeWebhook(_Asked):
    description = PlainText(max_length=120, allow_blank=True, default="")


class ChangeWebhook(_Asked):
    description = PlainText(max_length=120, allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Each may be left out, and stays as it is."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class RotateSecret(Strict):
    overlap_hours = serializers.IntegerField(
        min_value=0, max_value=LONGEST_OVERLAP_HOURS, default=24, help_text="0: somebody else may know it."
    )


class ReplayAll(Strict):
    since = Instant(required=False, allow_null=True, help_text="Only what happened since then.")


class Replayed(serializers.Serializer[Any]):
    replayed = serializers.IntegerField(read_only=True, min_value=0)


class DeliveryShown(serializers.ModelSerializer[Delivery]):
    webhook = serializers.IntegerField(source="subscription_id", read_only=True)
    event_id = serializers.CharField(source="event.public_id", read_only=True, help_text="The `webhook-id`.")
    event = serializers.ChoiceField(source="event.kind", choices=ALL_KINDS, read_only=True)
    object = serializers.CharField(
        source="subject", read_only=True, help_text="Events of one object arrive in their order."
    )
    next_try_at = serializers.DateTimeField(
        source="leaves_at",
        read_only=True,
        allow_null=True,
        help_text="Null for what is over, and while the webhook is off.",
    )
    error = serializers.CharField(read_only=True, help_text="Such as `Timeout`, where there was no answer.")

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id", "webhook", "event_id", "event", "object", "status", "tries", "made_at", "next_try_at",
            "status_code", "error", "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class AttemptShown(serializers.ModelSerializer[Attempt]):
    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ("at", "status_code", "error", "milliseconds")
        read_only_fields = fields


class DeliveryDetail(DeliveryShown):
    """With the bytes that were sent and every try."""

    body = serializers.CharField(source="event.body", read_only=True)
    attempts = AttemptShown(many=True, read_only=True)

    class Meta(DeliveryShown.Meta):
        fields = (*DeliveryShown.Meta.fields, "body", "attempts")
        read_only_fields = fields
