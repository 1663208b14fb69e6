from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from raffles.draws.models import Draw
from raffles.numbers.rules import (
    HIGHEST_NUMBER,
    HIGHEST_PER_ORDER,
    LONGEST_HOLD_MINUTES,
    WIDEST,
    broken_rules,
    is_unread,
)
from raffles.sales.models import CURRENCY, Kept, KeptRows, Order

BLOCK_SIZE = 1000
# What the published rule of the draw says too.
OF_THE_RULE = (
    "code",
    "first_number",
    "last_number",
    "number_width",
    "sales_open_at",
    "sales_close_at",
    "draw_at",
    "time_zone",
)
CODE = r"^(?=.*[A-Z])[A-Z0-9]{2,12}$"  # in the chat, digits alone are numbers


def default_hold_minutes() -> int:
    return int(settings.HOLD_MINUTES)


class Raffle(models.Model):
    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ACTIVE = "ACTIVE", _("Active")
        PAUSED = "PAUSED", _("Paused")
        CLOSED = "CLOSED", _("Closed")

    title = models.CharField(_("title"), max_length=120)
    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[
            RegexValidator(CODE, _("Use 2 to 12 capital letters and digits, with at least one letter."))
        ],
    )
    description = models.TextField(_("description"), blank=True)
    image = models.ImageField(_("image"), upload_to="raffles/%Y/%m", blank=True)
    price_minor = models.BigIntegerField(_("price"), help_text=_("In the smallest unit of the currency."))
    currency = models.CharField(_("currency"), max_length=3)
    first_number = models.PositiveIntegerField(_("first number"), default=0)
    last_number = models.PositiveIntegerField(_("last number"))
    number_width = models.PositiveSmallIntegerField(
        _("digits shown"),
        blank=True,
        help_text=_("Leading zeros fill a number up to this many digits; empty: as many as the last number."),
    )
    sales_open_at = models.DateTimeField(_("sales open at"))
    sales_close_at = models.DateTimeField(_("sales close at"))
    hold_minutes = models.PositiveIntegerField(_("hold minutes"), default=default_hold_minutes)
    min_per_order = models.PositiveIntegerField(_("minimum per order"), default=1)
    max_per_order = models.PositiveIntegerField(_("maximum per order"), default=50)
    max_per_player = models.PositiveIntegerField(_("maximum per player"), null=True, blank=True)
    payment_instructions = models.TextField(_("payment instructions"))
    draw_at = models.DateTimeField(_("draw at"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    two_people_from_minor = models.BigIntegerField(
        _("two people from"),
        null=True,
        blank=True,
        help_text=_("From this amount on two people must confirm a payment; empty: one is always enough."),
    )

    # Planned with the first look at it, and at the latest when sales open.
    draw = models.OneToOneField(
        Draw,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="raffle",
        verbose_name=_("draw"),
    )

    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="raffles",
        blank=True,
        verbose_name=_("organisers"),
        help_text=_("They see this raffle and what belongs to it; of others' raffles they see nothing."),
    )

    # Set by queries.raffles_on_sale, one sum for the whole list.
    free: int

    class Meta:
        verbose_name = _("raffle")
        verbose_name_plural = _("raffles")
        permissions = [
            ("import_sales", _("Can import sales made on paper")),
            ("see_every_raffle", _("Can see the raffles of all organisers")),
        ]
        indexes = [models.Index(fields=["status", "sales_close_at"], name="raffles_raffle_on_sale")]
        constraints = [
            models.CheckConstraint(name="raffles_raffle_code", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="raffles_raffle_currency", condition=Q(currency__regex=CURRENCY)),
            models.CheckConstraint(name="raffles_raffle_price_positive", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="raffles_raffle_range",
                condition=Q(first_number__gte=0)
                & Q(last_number__gte=F("first_number"))
                & Q(last_number__lte=HIGHEST_NUMBER),
            ),
            models.CheckConstraint(
                name="raffles_raffle_width", condition=Q(number_width__gte=0, number_width__lte=WIDEST)
            ),
            models.CheckConstraint(
                name="raffles_raffle_sales_window", condition=Q(sales_close_at__gt=F("sales_open_at"))
            ),
            models.CheckConstraint(
                name="raffles_raffle_draw_after_sales", condition=Q(draw_at__gte=F("sales_close_at"))
            ),
            models.CheckConstraint(
                name="raffles_raffle_hold",
                condition=Q(hold_minutes__gte=1, hold_minutes__lte=LONGEST_HOLD_MINUTES),
            ),
            models.CheckConstraint(
                name="raffles_raffle_per_order",
                condition=Q(min_per_order__gte=1)
                & Q(max_per_order__gte=F("min_per_order"))
                & Q(max_per_order__lte=HIGHEST_PER_ORDER),
            ),
            models.CheckConstraint(
                name="raffles_raffle_per_player",
                condition=Q(max_per_player=None) | Q(max_per_player__gte=F("min_per_order")),
            ),
            models.CheckConstraint(
                name="raffles_raffle_two_people",
                condition=Q(two_people_from_minor=None) | Q(two_people_from_minor__gt=0),
            ),
            models.CheckConstraint(
                name="raffles_raffle_status_known",
                condition=Q(status__in=["DRAFT", "ACTIVE", "PAUSED", "CLOSED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: Any, **options: Any) -> None:
        self._fill_width()
        super().save(*args, **options)

    @property
    def size(self) -> int:
        return self.last_number - self.first_number + 1

    def label(self, number: int) -> str:
        return str(number).zfill(self.number_width)

    def labels(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.label(number) for number in numbers)

    def is_on_sale(self, now: datetime) -> bool:
        return self.status == self.Status.ACTIVE and self.sales_open_at <= now < self.sales_close_at

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.code = (self.code or "").strip().upper()
        self.currency = (self.currency or "").strip().upper()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        self._fill_width()
        broken = broken_rules(self)
        if self._shrinks_after_a_claim():
            broken["last_number"] = _("Numbers were claimed already: the range can only grow.")
        if self._renames_money_of_a_claim():
            broken["currency"] = _("Numbers were claimed already: their prices are in this currency.")
        for name in self._changed_of_rule():
            broken.setdefault(
                name, _("This is part of the published rule of the draw: change the rule instead.")
            )
        if broken:
            raise ValidationError(broken)

    def _fill_width(self) -> None:
        if is_unread(self.number_width) and not is_unread(self.last_number):
            self.number_width = len(str(self.last_number))

    def _shrinks_after_a_claim(self) -> bool:
        if self._state.adding or is_unread(self.first_number) or is_unread(self.last_number):
            return False
        shrinks = Q(first_number__lt=self.first_number) | Q(last_number__gt=self.last_number)
        return Raffle.objects.filter(shrinks, pk=self.pk, tickets__isnull=False).exists()

    def _changed_of_rule(self) -> list[str]:
        """Whoever changes the rule does not come through the form."""
        if self._state.adding or self.draw is None or self.draw.status == Draw.Status.PLANNED:
            return []
        stored = Raffle.objects.filter(pk=self.pk).values(*OF_THE_RULE).first() or {}
        return [name for name in OF_THE_RULE if stored.get(name) != getattr(self, name)]

    def _renames_money_of_a_claim(self) -> bool:
        if self._state.adding:
            return False
        others = Raffle.objects.exclude(currency=self.currency)
        return others.filter(pk=self.pk, tickets__isnull=False).exists()


class Ticket(Kept):
    """A claim on a number; a number without a live claim is free and has no row."""

    class Status(models.TextChoices):
        RESERVED = "RESERVED", _("Reserved")
        SOLD = "SOLD", _("Sold")
        RELEASED = "RELEASED", _("Released")

    raffle = models.ForeignKey(
        Raffle, models.PROTECT, related_name="tickets", db_index=False, verbose_name=_("raffle")
    )
    number = models.PositiveIntegerField(_("number"))
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="tickets", db_index=False, verbose_name=_("order")
    )
    price_minor = models.BigIntegerField(_("price"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RESERVED)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        # SQLite cannot use the partial index below for a status that comes as a parameter.
        indexes = [models.Index(fields=["raffle", "number"], name="raffles_ticket_of_raffle")]
        constraints = [
            models.UniqueConstraint(
                fields=["raffle", "number"],
                name="raffles_ticket_one_live_claim",
                condition=~Q(status="RELEASED"),
            ),
            models.UniqueConstraint(
                fields=["order", "raffle", "number"], name="raffles_ticket_once_in_order"
            ),
            models.CheckConstraint(name="raffles_ticket_price_positive", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="raffles_ticket_status_known", condition=Q(status__in=["RESERVED", "SOLD", "RELEASED"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raffle_id}/{self.number}"


class NumberBlock(models.Model):
    """How many numbers of 1,000 are claimed. Made with the first claim in it, moved with every claim.

    The block of a number is number // 1000 wherever the range begins, so that a range can grow both ways.
    """

    raffle = models.ForeignKey(
        Raffle, models.PROTECT, related_name="blocks", db_index=False, verbose_name=_("raffle")
    )
    index = models.PositiveIntegerField(_("index"))
    reserved = models.IntegerField(_("reserved"), default=0)
    sold = models.IntegerField(_("sold"), default=0)

    class Meta:
        verbose_name = _("number block")
        verbose_name_plural = _("number blocks")
        constraints = [
            models.UniqueConstraint(fields=["raffle", "index"], name="raffles_block_once"),
            models.CheckConstraint(
                name="raffles_block_counts",
                condition=Q(reserved__gte=0, sold__gte=0) & Q(reserved__lte=BLOCK_SIZE - F("sold")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raffle_id}/{self.index}"
