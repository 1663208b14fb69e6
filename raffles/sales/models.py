from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever

CURRENCY = r"^[A-Z]{3}$"
CODE = r"^[2-9A-HJKMNP-Z]{6}$"
# The clock runs in the first; the second are ends, though a late proof or a refund may still follow.
HELD = ["DRAFT", "PENDING_PAYMENT"]
OVER = ["PAID", "CANCELLED", "EXPIRED", "REFUNDED"]

_Row = TypeVar("_Row", bound=models.Model)


class KeptRows(models.QuerySet[_Row]):
    def delete(self) -> NoReturn:
        raise KeptForever(self.model.__name__)


class AppendOnlyRows(KeptRows[_Row]):
    def update(self, **_changes: Any) -> NoReturn:
        raise KeptForever(self.model.__name__)


class Kept(models.Model):
    class Meta:
        abstract = True

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        raise KeptForever(type(self).__name__)


class Player(models.Model):
    """Who plays and may win. No channel in it: a channel points here."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    news_stopped_at = models.DateTimeField(_("news stopped at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)

    class Meta:
        verbose_name = _("player")
        verbose_name_plural = _("players")
        constraints = [
            models.CheckConstraint(
                name="sales_player_merged_pair",
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
            ),
            models.CheckConstraint(name="sales_player_not_own_twin", condition=~Q(merged_into=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


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
        ]
        indexes = [
            models.Index(fields=["status", "expires_at"], name="sales_order_sweep"),
            models.Index(fields=["player", "-created_at"], name="sales_order_of_player"),
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


class Payment(Kept):
    """Money that staff saw arrive."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="payment", verbose_name=_("order"))
    proof = models.ForeignKey(
        PaymentProof, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("proof")
    )
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("method"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="confirmed_payments",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(name="sales_payment_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="sales_payment_currency", condition=Q(currency__regex=CURRENCY)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Refund(Kept):
    order = models.OneToOneField(Order, models.PROTECT, related_name="refund", verbose_name=_("order"))
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="made_refunds", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(name="sales_refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="sales_refund_currency", condition=Q(currency__regex=CURRENCY)),
            models.CheckConstraint(name="sales_refund_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


@dataclass(frozen=True)
class Actor:
    """Who moves an order; the label stays readable when the user is gone."""

    label: str
    user: User | None = None

    @classmethod
    def player(cls) -> Self:
        return cls("player")

    @classmethod
    def clock(cls) -> Self:
        return cls("clock")

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(f"staff:{user.get_username()}", user)
