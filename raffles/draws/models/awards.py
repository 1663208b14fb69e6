"""What can be won, who won it, and who was told. Winners stand apart: who sees tickets sees no winners."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.draws.models.draws import Draw
from raffles.sales.models import CURRENCY, Kept, KeptRows, Order, Player

LONGEST_SHOWN = 40


class Prize(models.Model):
    """Rows are the plan while it is being made; once published the rule's text counts, and they follow it."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="prizes", verbose_name=_("draw"))
    rank = models.PositiveSmallIntegerField(
        _("rank"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    label = models.CharField(_("prize"), max_length=120)
    quantity = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    picture = models.ImageField(_("picture"), upload_to="prizes/%Y/%m", blank=True)

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(name="draws_prize_rank_once", fields=["draw", "rank"]),
            models.CheckConstraint(name="draws_prize_rank", condition=Q(rank__gte=1)),
            models.CheckConstraint(name="draws_prize_label", condition=~Q(label="")),
            models.CheckConstraint(
                name="draws_prize_quantity", condition=Q(quantity__gte=1, quantity__lte=1000)
            ),
            models.CheckConstraint(
                name="draws_prize_amount",
                condition=Q(amount_minor=None, currency="") | Q(amount_minor__gt=0, currency__regex=CURRENCY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.label}"


class Award(Kept):
    """One unit of a prize that one number won. A lost one stays, and the next reserve has its own."""

    class Status(models.TextChoices):
        OPEN = "OPEN", _("To be handed over")
        HANDED_OVER = "HANDED_OVER", _("Handed over")
        LOST = "LOST", _("Lost")

    class Shown(models.TextChoices):
        NOTHING = "NOTHING", _("nothing")
        ALIAS = "ALIAS", _("a name of their choice")
        CITY = "CITY", _("the city")

    class Lost(models.TextChoices):
        UNCLAIMED = "UNCLAIMED", _("not claimed in time")
        GIVEN_UP = "GIVEN_UP", _("given up by the winner")
        REFUNDED = "REFUNDED", _("the order was refunded")
        BARRED = "BARRED", _("the winner may not take part")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="awards", verbose_name=_("draw"))
    prize = models.ForeignKey(Prize, models.PROTECT, related_name="awards", verbose_name=_("prize"))
    unit = models.PositiveSmallIntegerField(_("unit"))
    # Where in the sequence of the draw the number stands.
    place = models.PositiveIntegerField(_("place"))
    number = models.PositiveIntegerField(_("number"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="awards", verbose_name=_("order"))
    player = models.ForeignKey(Player, models.PROTECT, related_name="awards", verbose_name=_("player"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN)
    won_at = models.DateTimeField(_("won at"))
    claim_until = models.DateTimeField(_("claim until"))
    # The winner answered: the deadline is kept.
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    shown = models.CharField(_("shown in public"), max_length=8, choices=Shown.choices, default=Shown.NOTHING)
    shown_text = models.CharField(_("as"), max_length=LONGEST_SHOWN, blank=True)
    shown_at = models.DateTimeField(_("allowed at"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handed_over_awards",
        verbose_name=_("handed over by"),
    )
    hand_over_note = models.TextField(_("note of the hand-over"), blank=True)
    hand_over_proof = models.FileField(_("proof of the hand-over"), max_length=200, blank=True)
    hand_over_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    lost_at = models.DateTimeField(_("lost at"), null=True, blank=True)
    lost_why = models.CharField(_("why it was lost"), max_length=10, choices=Lost.choices, blank=True)
    lost_note = models.TextField(_("note"), blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["prize__rank", "unit", "id"]
        default_permissions = ("view",)
        permissions = [
            ("hand_over_award", _("Can hand over prizes")),
            ("lose_award", _("Can pass a prize on")),
            ("forget_winner", _("Can erase what was written of a winner")),
        ]
        indexes = [models.Index(fields=["status", "claim_until"], name="draws_award_sweep")]
        constraints = [
            models.UniqueConstraint(name="draws_award_place_once", fields=["draw", "place"]),
            models.UniqueConstraint(
                name="draws_award_one_winner", fields=["prize", "unit"], condition=~Q(status="LOST")
            ),
            models.CheckConstraint(
                name="draws_award_decided",
                condition=Q(status="OPEN", handed_over_at=None, lost_at=None)
                | Q(status="HANDED_OVER", handed_over_at__isnull=False, lost_at=None)
                | (Q(status="LOST", handed_over_at=None, lost_at__isnull=False) & ~Q(lost_why="")),
            ),
            models.CheckConstraint(
                name="draws_award_shown",
                condition=Q(shown="NOTHING", shown_text="")
                | (Q(shown__in=["ALIAS", "CITY"], shown_at__isnull=False) & ~Q(shown_text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw.code} {self.number}"

    @property
    def tells_of_winner(self) -> bool:
        """Somebody has written something of the person, here or in a file."""
        return any((self.shown_text, self.hand_over_note, self.hand_over_proof, self.lost_note))


class Outcome(Kept):
    """Everybody who played hears of the draw once, whatever came of it."""

    draw = models.ForeignKey(
        Draw, models.PROTECT, related_name="outcomes", db_index=False, verbose_name=_("draw")
    )
    player = models.ForeignKey(Player, models.PROTECT, related_name="outcomes", verbose_name=_("player"))
    numbers = models.PositiveIntegerField(_("how many numbers"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    objects = KeptRows.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=Q(told_at=None), name="draws_outcome_untold"),
        ]
        constraints = [models.UniqueConstraint(name="draws_outcome_once", fields=["draw", "player"])]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.player_id}"
