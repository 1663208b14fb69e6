from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InboundEvent(models.Model):
    """One message, status or notice as Meta sent it. The only copy there is: Meta keeps no history."""

    class Kind(models.TextChoices):
        MESSAGE = "MESSAGE", _("message")
        STATUS = "STATUS", _("delivery status")
        OTHER = "OTHER", _("notice")

    class Status(models.TextChoices):
        NEW = "NEW", _("waiting")
        DONE = "DONE", _("done")
        IGNORED = "IGNORED", _("ignored")
        FAILED = "FAILED", _("failed")

    class Silence(models.TextChoices):
        """Why the bot said nothing to a message, where that was nobody's mistake."""

        PERSON = "PERSON", _("a person answered")
        MUTED = "MUTED", _("the bot was muted")
        BLOCKED = "BLOCKED", _("the player was blocked")
        RUSH = "RUSH", _("too many messages")
        LATE = "LATE", _("it came a day late")

    event_key = models.CharField(_("event key"), max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    field = models.CharField(_("field"), max_length=64)
    sender = models.CharField(_("sender"), max_length=255, blank=True)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("payload"))
    happened_at = models.DateTimeField(_("sent"))
    received_at = models.DateTimeField(_("received"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.NEW)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=255, blank=True)
    contact = models.ForeignKey(
        "whatsapp.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inbound_events",
        verbose_name=_("contact"),
    )
    state_before = models.CharField(_("state before"), max_length=32, blank=True)
    state_after = models.CharField(_("state after"), max_length=32, blank=True)
    # The default is the database's too: processes of the version before go on storing while it is put in.
    silence = models.CharField(
        _("why the bot was silent"),
        max_length=16,
        choices=Silence.choices,
        blank=True,
        default="",
        db_default="",
    )

    class Meta:
        verbose_name = _("received message")
        verbose_name_plural = _("received messages")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["sender", "happened_at", "id"], condition=Q(status="NEW"), name="inbound_unread"
            ),
            models.Index(fields=["contact", "happened_at"], name="inbound_timeline"),
            # SQLite takes a partial index for a list only where its columns give the order.
            models.Index(fields=["id"], condition=Q(status="NEW"), name="inbound_new"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class InboundMedia(models.Model):
    """Our own copy of a picture or document a player sent; Meta's link dies within minutes."""

    class Status(models.TextChoices):
        STORED = "STORED", _("stored")
        REFUSED = "REFUSED", _("refused")

    class Showing(models.TextChoices):
        WAITING = "WAITING", _("no copy yet")
        COPIED = "COPIED", _("copied")
        PROOF = "PROOF", _("as a payment proof")
        UNREADABLE = "UNREADABLE", _("unreadable")

    event = models.OneToOneField(
        InboundEvent, on_delete=models.CASCADE, related_name="media", verbose_name=_("message")
    )
    status = models.CharField(_("status"), max_length=16, choices=Status.choices)
    file = models.FileField(_("file"), upload_to="inbound/%Y/%m", blank=True, max_length=255)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("sha-256"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    # Defaults of the database too, as above. The copy is the first page drawn anew, by its name: what staff
    # are shown in place of a stranger's file.
    showing = models.CharField(
        _("shown"),
        max_length=10,
        choices=Showing.choices,
        default=Showing.WAITING,
        db_default=Showing.WAITING.value,
    )
    copy = models.CharField(_("copy"), max_length=255, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("received file")
        verbose_name_plural = _("received files")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(status="STORED", showing="WAITING"), name="media_without_copy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.size}"
