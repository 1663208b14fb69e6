from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from raffles.draws.models import Draw
from raffles.sales.models import Order, Player

# What a notification is about decides which rows it must name.
OF_ORDERS = ["PROOF_RECEIVED", "LATE_PROOF", "CANCEL_REQUESTED", "DECISION_FAILED"]
OF_PLAYERS = ["PERSON_REQUESTED", "STRAY_RECEIPT", "MONEY_WITHOUT_NUMBERS", "REFUND_DUE"]
OF_THE_HOUSE = [
    *("EVENT_FAILED", "MESSAGE_FAILED", "SENDING_PAUSED", "ACCOUNT_NOTICE", "TEMPLATE_NOTICE"),
    "WEBHOOK_STOPPED",
]
OF_DRAWS = ["ENTRIES_WAIT", "DRAW_TROUBLED", "DRAW_HELD", "AWARD_CLAIMED", "AWARD_LOST"]


class StaffNotification(models.Model):
    class Kind(models.TextChoices):
        PROOF_RECEIVED = "PROOF_RECEIVED", _("Proof received")
        LATE_PROOF = "LATE_PROOF", _("Late proof")
        CANCEL_REQUESTED = "CANCEL_REQUESTED", _("Cancellation requested")
        DECISION_FAILED = "DECISION_FAILED", _("Decision not carried out")
        PERSON_REQUESTED = "PERSON_REQUESTED", _("Player asks for a person")
        STRAY_RECEIPT = "STRAY_RECEIPT", _("Receipt without an order")
        MONEY_WITHOUT_NUMBERS = "MONEY_WITHOUT_NUMBERS", _("Money without numbers")
        REFUND_DUE = "REFUND_DUE", _("Refund due")
        EVENT_FAILED = "EVENT_FAILED", _("Message not understood")
        MESSAGE_FAILED = "MESSAGE_FAILED", _("Message not sent")
        SENDING_PAUSED = "SENDING_PAUSED", _("Sending paused")
        ACCOUNT_NOTICE = "ACCOUNT_NOTICE", _("Notice about the account")
        TEMPLATE_NOTICE = "TEMPLATE_NOTICE", _("Notice about a template")
        WEBHOOK_STOPPED = "WEBHOOK_STOPPED", _("Webhook stopped")
        ENTRIES_WAIT = "ENTRIES_WAIT", _("Draw waits for undecided orders")
        DRAW_TROUBLED = "DRAW_TROUBLED", _("Draw stopped")
        DRAW_HELD = "DRAW_HELD", _("Draw held")
        AWARD_CLAIMED = "AWARD_CLAIMED", _("Prize claimed")
        AWARD_LOST = "AWARD_LOST", _("Prize lost or passed on")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    player = models.ForeignKey(
        Player,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_notifications",
        verbose_name=_("player"),
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_notifications",
        verbose_name=_("order"),
    )
    draw = models.ForeignKey(
        Draw,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_notifications",
        verbose_name=_("draw"),
    )
    # What it is about: one notification of a kind until somebody has looked.
    subject = models.CharField(_("subject"), max_length=80)
    # What a person should do; it names no player.
    text = models.CharField(_("text"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"))
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("staff notification")
        verbose_name_plural = _("staff notifications")
        indexes = [
            models.Index(fields=["seen_at", "-created_at"], name="desk_notification_inbox"),
            models.Index(fields=["kind", "created_at"], name="desk_notification_news"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="desk_notification_once",
                fields=["kind", "subject"],
                condition=models.Q(seen_at=None),
            ),
            models.CheckConstraint(
                name="desk_notification_kind_known",
                condition=models.Q(kind__in=[*OF_ORDERS, *OF_PLAYERS, *OF_THE_HOUSE, *OF_DRAWS]),
            ),
            models.CheckConstraint(
                name="desk_notification_about_an_order",
                condition=models.Q(order__isnull=False) | ~models.Q(kind__in=OF_ORDERS),
            ),
            models.CheckConstraint(
                name="desk_notification_about_a_player",
                condition=models.Q(player__isnull=False) | models.Q(kind__in=[*OF_THE_HOUSE, *OF_DRAWS]),
            ),
            # Of winners it tells no person: a prize is looked at on its own page only.
            models.CheckConstraint(
                name="desk_notification_about_a_draw",
                condition=models.Q(draw__isnull=False, player=None, order=None)
                | ~models.Q(kind__in=OF_DRAWS),
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
