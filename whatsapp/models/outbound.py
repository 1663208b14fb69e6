from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class OutboundMessage(models.Model):
    """A message to a contact, written together with what it tells; a worker sends it afterwards."""

    class Status(models.TextChoices):
        QUEUED = "QUEUED", _("queued")
        WAITING = "WAITING", _("waiting for the player to write")
        SENDING = "SENDING", _("sending")
        SENT = "SENT", _("sent")
        DELIVERED = "DELIVERED", _("delivered")
        READ = "READ", _("read")
        FAILED = "FAILED", _("failed")
        DROPPED = "DROPPED", _("dropped: out of date")

    contact = models.ForeignKey(
        "whatsapp.Contact",
        on_delete=models.PROTECT,
        related_name="outbound_messages",
        verbose_name=_("contact"),
    )
    dedupe_key = models.CharField(_("dedupe key"), max_length=255, unique=True)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("content"))
    # What says the same outside the 24-hour window: the key of a template and its parameters by name.
    template_key = models.CharField(_("template"), max_length=64, blank=True)
    template_parameters: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("template parameters"), default=dict, blank=True
    )
    sent_as: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        _("sent as template"), null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    answers = models.ForeignKey(
        "whatsapp.InboundEvent",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers"),
    )
    wamid = models.CharField(_("Meta's id"), max_length=255, null=True, blank=True, unique=True)
    # Those of tries that a status called failed: what is still told of them says nothing of the next try.
    # The default is the database's too: processes of the version before go on writing while it is put in.
    refused_ids = models.TextField(_("ids of refused tries"), blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # What ends a message after so many: refusals by a code with a limit, answers that never came. Apart from
    # `attempts`, or after an hour in which nobody could be reached the first of them would be the last.
    strikes = models.PositiveSmallIntegerField(_("refusals that count"), default=0, db_default=0)
    unanswered = models.PositiveSmallIntegerField(_("answers that never came"), default=0, db_default=0)
    created_at = models.DateTimeField(_("written"))
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    lease_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    not_after = models.DateTimeField(_("pointless after"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    error_code = models.IntegerField(_("Meta's error code"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=255, blank=True)
    price_category = models.CharField(_("price category"), max_length=32, blank=True)
    price_type = models.CharField(_("price type"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("sent message")
        verbose_name_plural = _("sent messages")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["contact", "id"],
                condition=Q(status__in=["QUEUED", "SENDING", "WAITING"]),
                name="outbound_unsent",
            ),
            models.Index(fields=["contact", "created_at"], name="outbound_timeline"),
            models.Index(fields=["id"], condition=Q(status="QUEUED"), name="outbound_queued"),
            models.Index(fields=["id"], condition=Q(status="SENDING"), name="outbound_sending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="SENDING") | Q(lease_until__isnull=False),
                name="outbound_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["SENT", "DELIVERED", "READ"]) | Q(sent_at__isnull=False),
                name="outbound_sent_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"

    @property
    def mark(self) -> str:
        """Comes back with every status. After a restored backup the same number is another message's."""
        return f"outbox:{self.pk}:{(self.created_at - EPOCH) // MICROSECOND}"
