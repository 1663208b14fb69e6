from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from raffles.sales.models import Order, Player


class StaffNotification(models.Model):
    class Kind(models.TextChoices):
        PROOF_RECEIVED = "PROOF_RECEIVED", _("Proof received")
        LATE_PROOF = "LATE_PROOF", _("Late proof")
        CANCEL_REQUESTED = "CANCEL_REQUESTED", _("Cancellation requested")
        PERSON_REQUESTED = "PERSON_REQUESTED", _("Player asks for a person")
        STRAY_RECEIPT = "STRAY_RECEIPT", _("Receipt without an order")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    player = models.ForeignKey(
        Player, models.PROTECT, related_name="staff_notifications", verbose_name=_("player")
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_notifications",
        verbose_name=_("order"),
    )
    # What it is about: a fact heard twice makes one notification.
    subject = models.CharField(_("subject"), max_length=40)
    created_at = models.DateTimeField(_("created at"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("staff notification")
        verbose_name_plural = _("staff notifications")
        indexes = [models.Index(fields=["seen_at", "-created_at"], name="desk_notification_inbox")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="desk_notification_once"),
            models.CheckConstraint(
                name="desk_notification_kind_known",
                condition=models.Q(
                    kind__in=[
                        "PROOF_RECEIVED",
                        "LATE_PROOF",
                        "CANCEL_REQUESTED",
                        "PERSON_REQUESTED",
                        "STRAY_RECEIPT",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="desk_notification_about_an_order",
                condition=models.Q(order__isnull=False)
                | models.Q(kind__in=["PERSON_REQUESTED", "STRAY_RECEIPT"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @classmethod
    def once(cls, kind: str, *, player_id: int, now: datetime) -> StaffNotification:
        """About a player and no order: until somebody has looked, a second one is the first one."""
        unseen = cls.objects.filter(kind=kind, player_id=player_id, seen_at=None).first()
        subject = f"player:{player_id}:{now.timestamp():.0f}"
        return unseen or cls.objects.create(kind=kind, player_id=player_id, subject=subject, created_at=now)
