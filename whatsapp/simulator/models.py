from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class Phone(models.Model):
    profile_name = models.CharField(max_length=255)
    username = models.CharField(max_length=64, blank=True)
    bsuid = models.CharField(max_length=150, unique=True)
    wa_id = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="es")
    receipts_on = models.BooleanField(default=True)
    window_opened_at = models.DateTimeField(null=True, blank=True)
    typing_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wa_id"], condition=~Q(wa_id=""), name="simulator_one_phone_per_wa_id"
            ),
        ]

    def __str__(self) -> str:
        return self.profile_name


class ChatMessage(models.Model):
    class Direction(models.TextChoices):
        IN = "in", "from the player"
        OUT = "out", "from the business"

    class Status(models.TextChoices):
        SENT = "sent", "sent"
        DELIVERED = "delivered", "delivered"
        READ = "read", "read"
        FAILED = "failed", "failed"

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    wamid = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    context_wamid = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    callback_data = models.CharField(max_length=512, blank=True)
    by_phone = models.BooleanField(default=True)
    is_echo_withheld = models.BooleanField(default=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["phone", "direction", "status"], name="simulator_chat_of_phone")]

    def __str__(self) -> str:
        return f"{self.direction} {self.type} {self.wamid}"


class Media(models.Model):
    media_id = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey(Phone, null=True, blank=True, on_delete=models.CASCADE, related_name="media")
    mime = models.CharField(max_length=120)
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.media_id} {self.mime}"


class Template(models.Model):
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    category = models.CharField(max_length=20, default="UTILITY")
    status = models.CharField(max_length=20, default="APPROVED")
    rejected_reason = models.CharField(max_length=40, default="NONE")
    components = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="simulator_one_template_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class FaultPlan(models.Model):
    """One row, read by every process that plays Meta; what is not arranged does not go wrong."""

    seed = models.BigIntegerField(default=0)
    rates = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    limits_on = models.BooleanField(default=False)
    account_state = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.rates or 'nothing'}"


class FaultOnce(models.Model):
    """Strikes the next time there is an occasion, and is then gone."""

    name = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"next time: {self.name}"


class WebhookDelivery(models.Model):
    """`payload` is the exact text that is signed and posted, so that every retry carries the same bytes."""

    payload = models.TextField()
    wamid = models.CharField(max_length=255, blank=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=200, blank=True)
    faults = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["id"], condition=Q(delivered_at=None), name="simulator_due_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.last_answer or 'waiting'}"


class JournalEntry(models.Model):
    kind = models.CharField(max_length=30, db_index=True)
    wamid = models.CharField(max_length=255, blank=True, db_index=True)
    callback_data = models.CharField(max_length=512, blank=True, db_index=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.wamid}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValueError("the journal is only ever added to")
        super().save(*args, **kwargs)
