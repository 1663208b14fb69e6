from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.sales.models import PaymentProof


class Evidence(models.Model):
    """What the file of a proof shows, found once and kept; the file itself stays with the proof."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Not read yet")
        READ = "READ", _("Read")
        FAILED = "FAILED", _("Unreadable")

    class Ocr(models.TextChoices):
        ABSENT = "ABSENT", _("No text reader installed")
        READ = "READ", _("Text read")
        FAILED = "FAILED", _("Text unreadable")

    proof = models.OneToOneField(
        PaymentProof, models.PROTECT, related_name="evidence", verbose_name=_("proof")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Not before then; whoever reads it moves it first, so that two workers do not read the same file.
    due_at = models.DateTimeField(_("due at"))
    why_failed = models.CharField(_("why unreadable"), max_length=20, blank=True)
    is_forwarded = models.BooleanField(_("forwarded"), default=False)
    pages: models.JSONField[list[str], list[str]] = models.JSONField(_("pages"), default=list)
    total_pages = models.PositiveIntegerField(_("pages of the file"), default=0)
    whole_hash = models.CharField(_("hash of the whole"), max_length=16, blank=True)
    inner_hash = models.CharField(_("hash of the inner part"), max_length=16, blank=True)
    # The written parts, packed by the reader, which alone unpacks them.
    phrases = models.TextField(_("phrases"), blank=True)
    phrase_count = models.PositiveSmallIntegerField(_("count of phrases"), default=0)
    resembles = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_ones", verbose_name=_("resembles")
    )
    ocr = models.CharField(_("text"), max_length=10, choices=Ocr.choices, default=Ocr.ABSENT)
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    # As a payment's reference is compared.
    reference_key = models.CharField(_("reference key"), max_length=64, blank=True)
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    paid_on = models.DateField(_("date"), null=True, blank=True)
    destination = models.CharField(_("destination"), max_length=120, blank=True)
    ms = models.PositiveIntegerField(_("milliseconds"), default=0)

    class Meta:
        verbose_name = _("receipt evidence")
        verbose_name_plural = _("receipt evidence")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="WAITING"), name="evidence_waiting"),
            models.Index(fields=["reference_key"], condition=~Q(reference_key=""), name="evidence_reference"),
        ]
        constraints = [
            models.CheckConstraint(
                name="evidence_status_known", condition=Q(status__in=["WAITING", "READ", "FAILED"])
            ),
            models.CheckConstraint(
                name="evidence_failed_says_why", condition=~Q(status="FAILED") | ~Q(why_failed="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proof_id} {self.status}"


class Mark(models.Model):
    """A number by which a picture is found again.

    Every number has few places: what a bank prints on all of its receipts fills them at once and says
    nothing, and a search reads no more however many receipts there are.
    """

    PLACES = 24

    value = models.BigIntegerField(_("value"))
    place = models.PositiveSmallIntegerField(_("place"))
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="marks", verbose_name=_("evidence"))

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [models.UniqueConstraint(name="evidence_mark_place", fields=["value", "place"])]

    def __str__(self) -> str:
        return f"{self.value}/{self.place}"
