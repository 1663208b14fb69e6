from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.hooks.catalogue import ALL_KINDS


class Subscription(models.Model):
    """A machine of somebody else that hears of some kinds of event, as far as it may."""

    class Why(models.TextChoices):
        STAFF = "STAFF", _("switched off by staff")
        GONE = "GONE", _("the receiver says it is gone (410)")
        FAILING = "FAILING", _("nothing arrived for days")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="webhook_subscriptions",
        verbose_name=_("owner"),
    )
    # The program that hears, where it is not its owner; a room above knows it and says what it may hear.
    program = models.CharField(_("program"), max_length=80, blank=True)
    # Some services put a key into the address: it is shown in full to nobody but who may change it.
    url = models.CharField(_("address"), max_length=500)
    description = models.CharField(_("description"), max_length=120, blank=True)
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(_("events"), default=list)
    created_at = models.DateTimeField(_("created at"))
    disabled_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    disabled_why = models.CharField(_("why"), max_length=10, choices=Why.choices, blank=True)
    # It answered that it is busy and when to come again: nothing of its leaves before.
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                name="hooks_subscription_disabled_why",
                condition=Q(disabled_at=None, disabled_why="")
                | Q(disabled_at__isnull=False, disabled_why__in=["STAFF", "GONE", "FAILING"]),
            ),
            models.CheckConstraint(name="hooks_subscription_has_address", condition=~Q(url="")),
        ]

    def __str__(self) -> str:
        return self.description or f"#{self.pk}"

    def rests(self, now: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > now


class Secret(models.Model):
    """What its deliveries are signed with. After a change the old one signs too until its time is over."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="secrets")
    sealed = models.TextField(_("sealed"))
    made_at = models.DateTimeField(_("made at"))
    signs_until = models.DateTimeField(_("signs until"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        constraints = [
            models.UniqueConstraint(
                name="hooks_secret_one_current", fields=["subscription"], condition=Q(signs_until=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.made_at:%Y-%m-%d}"


class Event(models.Model):
    """What happened, in the bytes that every receiver is given at every try."""

    public_id = models.CharField(_("event id"), max_length=40, unique=True)
    kind = models.CharField(_("event"), max_length=40, choices=ALL_KINDS)
    # What it happened to: events of one object arrive in their order.
    subject = models.CharField(_("subject"), max_length=40)
    body = models.TextField(_("body"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Delivery(models.Model):
    """One event on its way to one subscription. `lease_until` names the try that is under way."""

    class Status(models.TextChoices):
        PENDING = "PENDING", _("On its way")
        DELIVERED = "DELIVERED", _("Delivered")
        DEAD = "DEAD", _("Given up")

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries", verbose_name=_("event"))
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="deliveries", verbose_name=_("webhook")
    )
    # The event's, so that the next one of an object is found in an index.
    subject = models.CharField(_("subject"), max_length=40)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    made_at = models.DateTimeField(_("made at"))
    # Of this round: what was given up and is sent again begins a new one.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=40, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        permissions = [("replay_delivery", _("Can send given-up webhook deliveries again"))]
        indexes = [
            models.Index(name="hooks_delivery_sweep", fields=["next_try_at"], condition=Q(status="PENDING")),
            models.Index(
                name="hooks_delivery_order",
                fields=["subscription", "subject", "id"],
                condition=Q(status="PENDING"),
            ),
            models.Index(name="hooks_delivery_last", fields=["subscription", "status", "closed_at"]),
        ]
        constraints = [
            models.UniqueConstraint(name="hooks_delivery_once", fields=["event", "subscription"]),
            models.CheckConstraint(
                name="hooks_delivery_status",
                condition=Q(status="PENDING", closed_at=None)
                | Q(status__in=["DELIVERED", "DEAD"], closed_at__isnull=False, lease_until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def leaves_at(self) -> datetime | None:
        """When it is tried next; None for what is over, and while its receiver is off."""
        if self.status != self.Status.PENDING or self.subscription.disabled_at is not None:
            return None
        return max(self.next_try_at, self.subscription.rests_until or self.next_try_at)


class Attempt(models.Model):
    """One try of a delivery, for whoever looks for what went wrong."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("at"))
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    error = models.CharField(_("error"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("try of a webhook delivery")
        verbose_name_plural = _("tries of webhook deliveries")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status_code or self.error}"
