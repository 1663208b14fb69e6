"""Where staff hear of what waits, and what has been told to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.desk.models.notifications import StaffNotification
from raffles.sales.models import Player


class Destination(models.Model):
    """A place outside the admin that hears of some kinds of notification. The bell hears of all of them."""

    class Channel(models.TextChoices):
        WEBHOOK = "WEBHOOK", _("Webhook")
        WHATSAPP = "WHATSAPP", "WhatsApp"

    name = models.CharField(_("name"), max_length=60, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    # Whoever has the address can write to the room behind it: it is shown to nobody but who may change it.
    url = models.CharField(_("webhook address"), max_length=500, blank=True)
    player = models.ForeignKey(
        Player, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(_("kinds"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    # What came before is not told any more: a new destination does not begin with old news.
    since = models.DateTimeField(_("listens since"))
    # Kinds that were ticked later, each with its instant: what waits of the others is still told.
    kinds_since: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, db_default={}, editable=False
    )

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        constraints = [
            models.CheckConstraint(
                name="desk_destination_address",
                condition=(Q(channel="WEBHOOK", player=None) & ~Q(url="")) | Q(channel="WHATSAPP", url=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Digest(models.Model):
    """One message to one destination about everything that was collected for it."""

    class Status(models.TextChoices):
        READY = "READY", _("Waits to be sent")
        SENDING = "SENDING", _("Being sent")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Not sent")

    destination = models.ForeignKey(
        Destination, models.PROTECT, related_name="digests", verbose_name=_("destination")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.READY)
    made_at = models.DateTimeField(_("made at"))
    next_try_at = models.DateTimeField(_("next try"))
    # Who sends it has this long; a worker that died meanwhile leaves it to the next.
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("alert sent to staff")
        verbose_name_plural = _("alerts sent to staff")
        indexes = [models.Index(fields=["status", "next_try_at"], name="desk_digest_sweep")]
        constraints = [
            # While one is on its way the next things are collected for the one after it.
            models.UniqueConstraint(
                name="desk_digest_one_on_its_way",
                fields=["destination"],
                condition=Q(status__in=["READY", "SENDING"]),
            ),
            models.CheckConstraint(
                name="desk_digest_status",
                condition=Q(status__in=["READY", "FAILED"], lease_until=None, sent_at=None)
                | Q(status="SENDING", lease_until__isnull=False, sent_at=None)
                | Q(status="SENT", lease_until=None, sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination_id}: {self.made_at:%Y-%m-%d %H:%M}"


class DigestLine(models.Model):
    """A notification is told to a destination once."""

    destination = models.ForeignKey(Destination, models.PROTECT, related_name="+")
    digest = models.ForeignKey(Digest, models.PROTECT, related_name="lines")
    notification = models.ForeignKey(StaffNotification, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("alert line")
        verbose_name_plural = _("alert lines")
        constraints = [
            models.UniqueConstraint(name="desk_digest_line_once", fields=["destination", "notification"])
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}: {self.notification_id}"
