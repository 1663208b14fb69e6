from __future__ import annotations

from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from raffles.api.serializing import PlainText, Strict
from whatsapp.models import Contact, InboundEvent, MessageTemplate, OutboundMessage


class EnsureContact(Strict):
    phone = PlainText(max_length=32, help_text="International, with its plus: +595981123456.")
    name = PlainText(max_length=120, allow_blank=True, default="")

    def validate_phone(self, phone: str) -> str:
        """As Meta writes it: digits alone."""
        try:
            number = phonenumbers.parse(phone, None)
        except phonenumbers.NumberParseException:
            raise ValidationError(
                _("Write the number with its plus and country, as +595981123456.")
            ) from None
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(_("There is no such phone number."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


class ContactMade(serializers.ModelSerializer[Contact]):
    """No more than whoever named the phone knows already, and the keys to go on with."""

    player = serializers.IntegerField(source="player_id", read_only=True)
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ("id", "player", "phone")
        read_only_fields = fields

    def get_phone(self, contact: Contact) -> str:
        return f"+{contact.wa_id}" if contact.wa_id else ""


class ContactShown(ContactMade):
    class Meta(ContactMade.Meta):
        fields = (
            *ContactMade.Meta.fields,
            "username",
            "profile_name",
            "last_inbound_at",
            "blocked_at",
            "created_at",
        )
        read_only_fields = fields


class SentShown(serializers.ModelSerializer[OutboundMessage]):
    contact = serializers.IntegerField(source="contact_id", read_only=True)
    content: Any = serializers.JSONField(read_only=True)

    class Meta:
        model = OutboundMessage
        fields: tuple[str, ...] = (
            "id", "contact", "status", "content", "template_key", "wamid", "created_at", "sent_at",
            "delivered_at", "read_at", "failed_at", "error_code", "error",
        )  # fmt: skip
        read_only_fields = fields


class ReceivedShown(serializers.ModelSerializer[InboundEvent]):
    contact = serializers.IntegerField(source="contact_id", read_only=True, allow_null=True)

    class Meta:
        model = InboundEvent
        fields: tuple[str, ...] = (
            "id", "contact", "status", "payload", "happened_at", "received_at", "done_at", "error",
        )  # fmt: skip
        read_only_fields = fields


class TemplateShown(serializers.ModelSerializer[MessageTemplate]):
    class Meta:
        model = MessageTemplate
        fields: tuple[str, ...] = (
            "id", "key", "language", "name", "status", "category", "reason", "quality", "body", "parameters",
            "changed_at",
        )  # fmt: skip
        read_only_fields = fields
