"""The first of two people who look at a large payment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models.kept import AppendOnlyRows, Kept
from raffles.sales.models.orders import Order, OrderChange


class Approval(Kept):
    """Somebody's word that so much came. It counts while the order stands where it stood then."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="approvals", verbose_name=_("order"))
    after_change = models.ForeignKey(
        OrderChange, models.PROTECT, related_name="approvals", verbose_name=_("after")
    )
    amount_minor = models.BigIntegerField(_("amount"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals", verbose_name=_("approved by")
    )
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="sales_approval_once", fields=["after_change", "by", "amount_minor"]
            ),
            models.CheckConstraint(name="sales_approval_positive", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.amount_minor}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)
