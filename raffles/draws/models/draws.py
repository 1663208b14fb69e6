"""The draw, what it promised, and the secret that is kept until then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.models import AppendOnlyRows, Kept, KeptRows

DIGEST = 64
MARGIN = timedelta(seconds=60)
SECRET_LOST_AFTER = timedelta(hours=24)
BEACON_MISSING_AFTER = timedelta(hours=72)


class Draw(Kept):
    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("Being planned")
        COMMITTED = "COMMITTED", _("Rule published")
        CLOSED = "CLOSED", _("Entries frozen")
        DRAWN = "DRAWN", _("Drawn")
        CALLED_OFF = "CALLED_OFF", _("Called off")

    class Method(models.TextChoices):
        BEACON = "BEACON", _("Secret and public beacon")
        SECRET = "SECRET", _("Secret alone")
        LOTTERY = "LOTTERY", _("Official lottery")
        BARREL = "BARREL", _("Physical draw")

    class Mapping(models.TextChoices):
        DIRECT = "direct", _("The digits are the number")
        REMAINDER = "remainder", _("The remainder when divided by how many numbers there are")

    class Redraw(models.TextChoices):
        RESERVES = "RESERVES", _("Goes to the next reserve")
        STAYS = "STAYS", _("Stays with the organiser")

    class Fallback(models.TextChoices):
        SECRET_LOST = "SECRET_LOST", _("The secret was lost")
        BEACON_MISSING = "BEACON_MISSING", _("The beacon did not come")

    # Which kind of thing it draws among (subjects.py), and its public name: the code of what is on sale.
    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=12, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.BEACON)
    reserves = models.PositiveSmallIntegerField(
        _("reserves"),
        default=2,
        validators=[MaxValueValidator(100)],
        help_text=_("How many more are drawn, in case a prize is not claimed."),
    )
    redraw = models.CharField(
        _("a prize that is not claimed"), max_length=10, choices=Redraw.choices, default=Redraw.RESERVES
    )
    claim_days = models.PositiveSmallIntegerField(
        _("days to claim"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    lottery_name = models.CharField(_("lottery"), max_length=80, blank=True)
    lottery_drawing = models.CharField(
        _("drawing"),
        max_length=80,
        blank=True,
        help_text=_("Which one counts, such as “28 November, evening”."),
    )
    lottery_results = models.PositiveSmallIntegerField(
        _("results"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("How many of its results count, in their order."),
    )
    lottery_digits = models.PositiveSmallIntegerField(
        _("digits"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("How many of the last digits of a result count."),
    )
    lottery_mapping = models.CharField(
        _("from digits to number"), max_length=10, choices=Mapping.choices, default=Mapping.DIRECT
    )

    # Of the newest published rule.
    rule_digest = models.CharField(_("digest of the rule"), max_length=DIGEST, blank=True)
    secret_hash = models.CharField(_("hash of the secret"), max_length=DIGEST, blank=True)
    chain = models.CharField(_("beacon chain"), max_length=DIGEST, blank=True)
    closes_at = models.DateTimeField(_("sales close at"), null=True, blank=True)
    draws_at = models.DateTimeField(_("draw at"), null=True, blank=True)

    closed_at = models.DateTimeField(_("entries frozen at"), null=True, blank=True)
    entry_count = models.PositiveIntegerField(_("entries"), null=True, blank=True)
    root = models.CharField(_("root"), max_length=DIGEST, blank=True)
    # The round that counts: known from closing on, moved by a fallback alone.
    beacon_round = models.PositiveBigIntegerField(_("round of the beacon"), null=True, blank=True)

    beacon_signature = models.CharField(_("signature of the beacon"), max_length=192, blank=True)
    # When no source had the round.
    beacon_asked_at = models.DateTimeField(_("beacon asked for in vain at"), null=True, blank=True)
    fallback = models.CharField(_("fallback"), max_length=16, choices=Fallback.choices, blank=True)
    # Results of a lottery as they were typed, or numbers from a barrel; two people's word.
    typed = models.JSONField(_("typed results"), null=True, blank=True)
    witnesses = models.TextField(_("witnesses"), blank=True)

    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    secret = models.CharField(_("revealed secret"), max_length=DIGEST, blank=True)
    seed = models.CharField(_("seed"), max_length=DIGEST, blank=True)
    sequence = models.JSONField(_("sequence"), null=True, blank=True)

    called_off_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    called_off_reason = models.TextField(_("why it was called off"), blank=True)
    # What stops the sweep, in a word; staff were told and find more on the page of the draw.
    trouble = models.CharField(_("trouble"), max_length=40, blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        permissions = [
            ("change_rule", _("Can publish a changed rule")),
            ("decide_entries", _("Can freeze entries and exclude orders")),
            ("type_result", _("Can type results of a lottery or barrel")),
            ("call_off_draw", _("Can call off a draw")),
            ("issue_minutes", _("Can issue draw minutes")),
        ]
        indexes = [
            models.Index(fields=["status", "closes_at"], name="draws_draw_to_close"),
            models.Index(fields=["status", "draws_at"], name="draws_draw_to_hold"),
        ]
        constraints = [
            models.CheckConstraint(
                name="draws_draw_status_known",
                condition=Q(status__in=["PLANNED", "COMMITTED", "CLOSED", "DRAWN", "CALLED_OFF"]),
            ),
            models.CheckConstraint(
                name="draws_draw_method_known",
                condition=Q(method__in=["BEACON", "SECRET", "LOTTERY", "BARREL"]),
            ),
            models.CheckConstraint(
                name="draws_draw_committed",
                condition=Q(status="PLANNED")
                | Q(status="CALLED_OFF")
                | (~Q(rule_digest="") & Q(closes_at__isnull=False, draws_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="draws_draw_closed",
                condition=(~Q(status__in=["CLOSED", "DRAWN"]))
                | (~Q(root="") & Q(closed_at__isnull=False, entry_count__isnull=False)),
            ),
            models.CheckConstraint(
                name="draws_draw_drawn",
                condition=Q(status="DRAWN", drawn_at__isnull=False, sequence__isnull=False)
                | (~Q(status="DRAWN") & Q(drawn_at=None, sequence=None, secret="", seed="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def uses_secret(self) -> bool:
        return self.method in {self.Method.BEACON, self.Method.SECRET}

    @property
    def is_typed(self) -> bool:
        """People type what came out: of a lottery, a barrel, or a barrel in place of a lost secret."""
        fell_back = self.method == self.Method.SECRET and bool(self.fallback)
        return fell_back or self.method in {self.Method.LOTTERY, self.Method.BARREL}

    @property
    def is_frozen(self) -> bool:
        return self.status in {self.Status.CLOSED, self.Status.DRAWN}

    @property
    def base(self) -> datetime | None:
        """From when on the round counts, fallbacks aside; None until the entries are frozen."""
        if self.closed_at is None or self.draws_at is None:
            return None
        return max(self.draws_at, self.closed_at + MARGIN)


class DrawSecret(models.Model):
    """Sealed; read once, when the draw is held. Without it the fallback of the rule happens."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="kept_secret", verbose_name=_("draw"))
    sealed = models.TextField(_("sealed"))
    # From which the salt of each entry follows; never published.
    salt_key = models.TextField(_("sealed key of the salts"))

    class Meta:
        verbose_name = _("secret of a draw")
        verbose_name_plural = _("secrets of draws")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.draw_id)


class RuleVersion(Kept):
    """What was published, to the letter. The first has no reason, every later one has."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="rules", verbose_name=_("draw"))
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    digest = models.CharField(_("digest"), max_length=DIGEST)
    reason = models.TextField(_("reason"), blank=True)
    published_at = models.DateTimeField(_("published at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_rules",
        verbose_name=_("by"),
    )

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["version"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="draws_rule_once", fields=["draw", "version"]),
            models.CheckConstraint(
                name="draws_rule_reason",
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.version}"

    def save(self, *args: Any, **options: Any) -> None:
        options["force_insert"] = True  # a version that was published stays
        super().save(*args, **options)
