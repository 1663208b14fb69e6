"""What was answered before, and how often somebody asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class KeptAnswer(models.Model):
    """One call under an Idempotency-Key: begun, or answered. Swept a day after it began."""

    # Whose key it is: two clients may use the same one.
    owner = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    # SHA-256 of method, path and body: the same key with another body is a mistake of the caller.
    fingerprint = models.CharField(max_length=64)
    began_at = models.DateTimeField(db_index=True)
    # Also says who holds it: it is given anew when a call is taken over.
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="api_answer_once", fields=["owner", "key"]),
            models.CheckConstraint(
                name="api_answer_status", condition=Q(status=None) | Q(status__gte=200, status__lt=500)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}/{self.key}"


class RequestCount(models.Model):
    """How many calls of one caller were let through in one window of time, by all processes together."""

    bucket = models.CharField(max_length=80)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="api_count_once", fields=["bucket", "window"])]

    def __str__(self) -> str:
        return f"{self.bucket}/{self.window}"
