"""The first of two people who look at a large payment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models.kept import AppendOnlyRows, Kept
from raffles.sales.models.orders import Order, OrderChange, PaymentProof


class Approval(Kept):
    """Somebody's word that so much came. It counts while the order stands where it stood then, and shows
    no receipt that they had not seen."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="approvals", verbose_name=_("order"))
    after_change = models.ForeignKey(
        OrderChange, models.PROTECT, related_name="approvals", verbose_name=_("after")
    )
    # The newest of the order's proofs then: one that comes while it is under review moves nothing.
    after_proof = models.ForeignKey(
        PaymentProof, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("newest proof")
    )
    amount_minor = models.BigIntegerField(_("amount"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals", verbose_name=_("approved by")
    )
    at = models.DateTimeField(_("at"))
    # Why it is right all the same, where something about a receipt was odd: the second person reads it.
    reason = models.TextField(_("reason"), blank=True, default="", db_default="")

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="sales_approval_once",
                fields=["after_change", "by", "amount_minor"],
                condition=Q(after_proof=None),
            ),
            models.UniqueConstraint(
                name="sales_approval_once_a_proof",
                fields=["after_change", "after_proof", "by", "amount_minor"],
                condition=Q(after_proof__isnull=False),
            ),
            models.CheckConstraint(name="sales_approval_positive", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.amount_minor}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)
