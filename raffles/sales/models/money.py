"""Where money is: seen to arrive, standing to a player's credit, given back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models.kept import CURRENCY, AppendOnlyRows, Kept, KeptRows
from raffles.sales.models.orders import Order, PaymentProof
from raffles.sales.models.players import Player


class Payment(Kept):
    """Money that staff saw arrive; it may name no order."""

    player = models.ForeignKey(Player, models.PROTECT, related_name="payments", verbose_name=_("player"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("order")
    )
    proof = models.ForeignKey(
        PaymentProof, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("proof")
    )
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("method"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    # The reference as it is compared: one transfer is confirmed once, however it was typed.
    reference_key = models.CharField(_("reference key"), max_length=240, blank=True, editable=False)
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
        permissions = [("record_payment", _("Can record money that names no open order"))]
        indexes = [models.Index(fields=["confirmed_at"], name="sales_payment_confirmed")]
        constraints = [
            models.CheckConstraint(name="sales_payment_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="sales_payment_currency", condition=Q(currency__regex=CURRENCY)),
            models.UniqueConstraint(
                name="sales_payment_reference_once",
                fields=["currency", "reference_key"],
                condition=~Q(reference_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Refund(Kept):
    """Money on its way back: it left the credit when it was asked for, and returns there when dropped."""

    class Status(models.TextChoices):
        DUE = "DUE", _("To be sent")
        MADE = "MADE", _("Sent")
        DROPPED = "DROPPED", _("Dropped")

    player = models.ForeignKey(Player, models.PROTECT, related_name="refunds", verbose_name=_("player"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("order")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DUE)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.TextField(_("reason"))
    destination = models.CharField(_("where to"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_refunds",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_refunds",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    evidence = models.FileField(_("evidence"), max_length=200, blank=True)
    evidence_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dropped_refunds",
        verbose_name=_("dropped by"),
    )
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    drop_reason = models.TextField(_("why it was dropped"), blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        permissions = [
            ("request_refund", _("Can request refunds of credit")),
            ("make_refund", _("Can make refunds")),
            ("drop_refund", _("Can drop refunds")),
        ]
        indexes = [models.Index(fields=["status", "requested_at"], name="sales_refund_queue")]
        constraints = [
            models.CheckConstraint(name="sales_refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="sales_refund_currency", condition=Q(currency__regex=CURRENCY)),
            models.CheckConstraint(name="sales_refund_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="sales_refund_decided",
                condition=Q(status="DUE", made_by=None, made_at=None, dropped_by=None, dropped_at=None)
                | Q(
                    status="MADE",
                    made_by__isnull=False,
                    made_at__isnull=False,
                    dropped_by=None,
                    dropped_at=None,
                )
                | Q(
                    status="DROPPED",
                    made_by=None,
                    made_at=None,
                    dropped_by__isnull=False,
                    dropped_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class PlayerCredit(Kept):
    """What stands to a player's credit now; moved only together with an entry that says why."""

    player = models.ForeignKey(Player, models.PROTECT, related_name="credits", verbose_name=_("player"))
    currency = models.CharField(_("currency"), max_length=3)
    balance_minor = models.BigIntegerField(_("balance"), default=0)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("player credit")
        verbose_name_plural = _("player credits")
        constraints = [
            models.UniqueConstraint(name="sales_credit_once", fields=["player", "currency"]),
            models.CheckConstraint(name="sales_credit_not_negative", condition=Q(balance_minor__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.balance_minor} {self.currency}"


class EntryRows(AppendOnlyRows["CreditEntry"]):
    def hand_over(self, player: Player) -> int:
        """Two players turned out to be one: the owner's name changes, no amount does."""
        return super(AppendOnlyRows, self).update(player=player)


class CreditEntry(Kept):
    """One line of a player's account: what came in or went out, and which row made it so."""

    class Kind(models.TextChoices):
        PAYMENT = "PAYMENT", _("Payment received")
        ORDER = "ORDER", _("Order paid")
        ORDER_RETURNED = "ORDER_RETURNED", _("Order returned")
        REFUND = "REFUND", _("Refund requested")
        REFUND_DROPPED = "REFUND_DROPPED", _("Refund dropped")

    player = models.ForeignKey(
        Player, models.PROTECT, related_name="credit_entries", verbose_name=_("player")
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("payment")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("order")
    )
    refund = models.ForeignKey(
        Refund, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("refund")
    )
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("actor"), max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_entries",
        verbose_name=_("user"),
    )

    objects = EntryRows.as_manager()

    class Meta:
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="sales_entry_payment_once", fields=["kind", "payment"]),
            models.UniqueConstraint(name="sales_entry_order_once", fields=["kind", "order"]),
            models.UniqueConstraint(name="sales_entry_refund_once", fields=["kind", "refund"]),
            models.CheckConstraint(
                name="sales_entry_source_and_sign",
                condition=Q(
                    kind="PAYMENT", payment__isnull=False, order=None, refund=None, amount_minor__gt=0
                )
                | Q(kind="ORDER", payment=None, order__isnull=False, refund=None, amount_minor__lt=0)
                | Q(kind="ORDER_RETURNED", payment=None, order__isnull=False, refund=None, amount_minor__gt=0)
                | Q(kind="REFUND", payment=None, order=None, refund__isnull=False, amount_minor__lt=0)
                | Q(
                    kind="REFUND_DROPPED", payment=None, order=None, refund__isnull=False, amount_minor__gt=0
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)
