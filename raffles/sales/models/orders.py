from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models.kept import CURRENCY, AppendOnlyRows, Kept, KeptRows
from raffles.sales.models.players import Player

CODE = r"^[2-9A-HJKMNP-Z]{6}$"
# The clock runs in the first; the second are ends, though a late proof or a refund may still follow.
HELD = ["DRAFT", "PENDING_PAYMENT"]
OVER = ["PAID", "CANCELLED", "EXPIRED", "REFUNDED"]


class Order(Kept):
    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PENDING_PAYMENT = "PENDING_PAYMENT", _("Waiting for payment")
        UNDER_REVIEW = "UNDER_REVIEW", _("Under review")
        PAID = "PAID", _("Paid")
        CANCELLED = "CANCELLED", _("Cancelled")
        EXPIRED = "EXPIRED", _("Expired")
        REFUNDED = "REFUNDED", _("Refunded")

    code = models.CharField(_("code"), max_length=6, unique=True, validators=[RegexValidator(CODE)])
    player = models.ForeignKey(Player, models.PROTECT, related_name="orders", verbose_name=_("player"))
    kind = models.CharField(_("kind"), max_length=20)
    currency = models.CharField(_("currency"), max_length=3)
    total_minor = models.BigIntegerField(_("total"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    hold_minutes = models.PositiveIntegerField(_("hold minutes"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # Money came after the units had gone to others: the order waits for staff and holds nothing.
    late_since = models.DateTimeField(_("late since"), null=True, blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("confirm_payment", _("Can confirm payments")),
            ("reject_proof", _("Can reject payment proofs")),
            ("cancel_order", _("Can cancel orders")),
            ("refund_order", _("Can refund orders")),
            ("pay_with_credit", _("Can pay orders with credit")),
        ]
        indexes = [
            models.Index(fields=["status", "expires_at"], name="sales_order_sweep"),
            models.Index(fields=["player", "-created_at"], name="sales_order_of_player"),
            models.Index(fields=["status", "closed_at"], name="sales_order_closed"),
            models.Index(fields=["created_at"], name="sales_order_created"),
        ]
        constraints = [
            models.CheckConstraint(name="sales_order_total_positive", condition=Q(total_minor__gt=0)),
            models.CheckConstraint(name="sales_order_currency", condition=Q(currency__regex=CURRENCY)),
            models.CheckConstraint(name="sales_order_code", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="sales_order_hold_positive", condition=Q(hold_minutes__gt=0)),
            models.CheckConstraint(
                name="sales_order_status_known",
                condition=Q(status__in=[*HELD, *OVER, "UNDER_REVIEW"]),
            ),
            models.CheckConstraint(
                name="sales_order_clock_runs_while_held",
                condition=Q(status__in=HELD, expires_at__isnull=False)
                | (~Q(status__in=HELD) & Q(expires_at=None)),
            ),
            models.CheckConstraint(
                name="sales_order_closed_when_over",
                condition=Q(status__in=OVER, closed_at__isnull=False)
                | (~Q(status__in=OVER) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="sales_order_late_only_under_review",
                condition=Q(late_since=None) | Q(status="UNDER_REVIEW"),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OrderChange(Kept):
    """One line of an order's history: who moved it, when, why."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="changes", verbose_name=_("order"))
    from_status = models.CharField(_("from"), max_length=20, choices=Order.Status.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=Order.Status.choices)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="order_changes",
        verbose_name=_("user"),
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("order change")
        verbose_name_plural = _("order changes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)


class PaymentProof(Kept):
    """Evidence a player sent; money only once staff confirm it."""

    class Status(models.TextChoices):
        SUBMITTED = "SUBMITTED", _("Submitted")
        ACCEPTED = "ACCEPTED", _("Accepted")
        REJECTED = "REJECTED", _("Rejected")

    order = models.ForeignKey(Order, models.PROTECT, related_name="proofs", verbose_name=_("order"))
    file = models.FileField(_("file"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=50)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    received_at = models.DateTimeField(_("received at"))
    source_key = models.CharField(_("source key"), max_length=200, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_proofs",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("payment proof")
        verbose_name_plural = _("payment proofs")
        indexes = [models.Index(fields=["received_at"], name="sales_proof_received")]
        constraints = [
            models.CheckConstraint(name="sales_proof_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="sales_proof_decided",
                condition=Q(status="SUBMITTED", decided_by=None, decided_at=None)
                | Q(status__in=["ACCEPTED", "REJECTED"], decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.pk}"
