from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BusinessNumber(models.Model):
    """The number we send from: whether it may send, how fast, and what Meta says of it.

    A pause lasts until a person ends it; a hold ends by itself at `held_until`.
    """

    phone_number_id = models.CharField(_("Meta's id of the number"), max_length=64, unique=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    paused_by = models.CharField(_("paused by"), max_length=160, blank=True)
    pause_reason = models.CharField(_("reason of the pause"), max_length=255, blank=True)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    hold_reason = models.CharField(_("reason of the hold"), max_length=255, blank=True)
    # Calls in a row that Meta did not answer, or answered with its own failure.
    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0)
    templates_paused_at = models.DateTimeField(_("templates paused since"), null=True, blank=True)
    # What left within the last second or so: pairs of a twentieth of a second, since 1970, and messages.
    left_lately: models.JSONField[list[list[int]], list[list[int]]] = models.JSONField(
        _("left lately"), default=list, blank=True, editable=False
    )
    quality = models.CharField(_("quality"), max_length=40, blank=True)
    messaging_limit = models.CharField(_("messaging limit"), max_length=40, blank=True)
    noticed_at = models.DateTimeField(_("last notice of Meta"), null=True, blank=True)

    class Meta:
        verbose_name = _("WhatsApp number")
        verbose_name_plural = _("WhatsApp numbers")
        permissions = [("pause_sending", _("Can pause and resume sending"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at=None, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="business_number_pause_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.phone_number_id


class MessageTemplate(models.Model):
    """A wording that Meta allows outside the 24-hour window: one row a name and language."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("not submitted")
        PENDING = "PENDING", _("in review at Meta")
        APPROVED = "APPROVED", _("approved")
        REJECTED = "REJECTED", _("rejected")
        PAUSED = "PAUSED", _("paused by Meta")
        DISABLED = "DISABLED", _("disabled by Meta")
        GONE = "GONE", _("no longer at Meta")

    key = models.CharField(_("notice"), max_length=64)
    language = models.CharField(_("language"), max_length=20)
    name = models.CharField(_("name at Meta"), max_length=512)
    meta_id = models.CharField(_("Meta's id"), max_length=64, blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.DRAFT)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    quality = models.CharField(_("quality"), max_length=40, blank=True)
    body = models.TextField(_("text"))
    # In the order in which the text names them.
    parameters: models.JSONField[list[str], list[str]] = models.JSONField(
        _("parameters"), default=list, blank=True
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["key", "language", "-id"]
        permissions = [("sync_templates", _("Can submit and sync templates"))]
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="template_once_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
