"""Who looks at which order on the payment desk, and what they decided a moment ago."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.errors import KeptForever
from raffles.sales.models import AppendOnlyRows, Kept, KeptRows, Order


class Card(models.Model):
    """One order on the desk. Leased to one reviewer at a time; a lease that ran out is nobody's."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="card", verbose_name=_("order"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("reviewer"),
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            models.CheckConstraint(
                name="desk_card_leased",
                condition=Q(reviewer=None, opened_at=None, lease_until=None)
                | Q(reviewer__isnull=False, opened_at__isnull=False, lease_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.order_id)


class Handover(Kept):
    """A card that was taken over while somebody else had it open."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="handovers", verbose_name=_("order"))
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("from")
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("to")
    )
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.from_user_id} -> {self.to_user_id}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise KeptForever(type(self).__name__)
        super().save(*args, **options)


class Verdict(Kept):
    """What a reviewer decided. Until `due_at` it can be undone and nobody outside has heard of it."""

    class Kind(models.TextChoices):
        CONFIRM = "CONFIRM", _("Confirm payment")
        REJECT = "REJECT", _("Reject proof")
        CREDIT = "CREDIT", _("Pay with credit")
        ASK = "ASK", _("Ask for more")

    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("Can be undone")
        DONE = "DONE", _("Done")
        UNDONE = "UNDONE", _("Undone")
        REFUSED = "REFUSED", _("Not possible")

    order = models.ForeignKey(Order, models.PROTECT, related_name="verdicts", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # Amount, method, reference or the words for the player: what the action of the kind is given.
    given = models.JSONField(_("given"), default=dict)
    # What of the order the reviewer saw: a decision about something else is not carried out.
    seen = models.CharField(_("seen"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="verdicts", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))
    due_at = models.DateTimeField(_("due at"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # How often carrying it out broke in a way that is no refusal.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    # Of the page it was decided on: whoever decided reads the outcome in it. The default is the database's
    # too, for processes of the version before.
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")
    # How it ended, for the one who decided.
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        indexes = [
            models.Index(fields=["status", "due_at"], name="desk_verdict_sweep"),
            models.Index(fields=["by", "-decided_at"], name="desk_verdict_of_reviewer"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="desk_verdict_one_planned", fields=["order"], condition=Q(status="PLANNED")
            ),
            models.CheckConstraint(
                name="desk_verdict_closed",
                condition=Q(status="PLANNED", closed_at=None)
                | Q(status__in=["DONE", "UNDONE", "REFUSED"], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_verdict_kind_known",
                condition=Q(kind__in=["CONFIRM", "REJECT", "CREDIT", "ASK"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"
