"""What is frozen at closing, and what people typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.draws.models.draws import DIGEST, Draw
from raffles.sales.models import AppendOnlyRows, Kept, Order

PAGE_SIZE = 1024  # a power of two: a full page is a whole subtree


@dataclass(frozen=True)
class Entry:
    number: int
    mark: str

    @property
    def text(self) -> str:
        return f"{self.number}:{self.mark}"


class EntryPage(Kept):
    """1,024 frozen entries in ascending order, one a line, and the root of the subtree over them."""

    draw = models.ForeignKey(
        Draw, models.PROTECT, related_name="pages", db_index=False, verbose_name=_("draw")
    )
    index = models.PositiveIntegerField(_("index"))
    first_number = models.PositiveIntegerField(_("first number"))
    lines = models.TextField(_("entries"))
    node = models.CharField(_("node"), max_length=DIGEST)

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("page of entries")
        verbose_name_plural = _("pages of entries")
        ordering = ["index"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="draws_page_once", fields=["draw", "index"]),
            models.UniqueConstraint(name="draws_page_number_once", fields=["draw", "first_number"]),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.index}"

    def entries(self) -> Iterator[Entry]:
        for line in self.lines.splitlines():
            number, _colon, mark = line.partition(":")
            yield Entry(int(number), mark)


class Exclusion(Kept):
    """An order that was not decided in time: named in public by its code, with the reason."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="exclusions", verbose_name=_("draw"))
    order = models.OneToOneField(Order, models.PROTECT, related_name="exclusion", verbose_name=_("order"))
    numbers = models.JSONField(_("numbers"))
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exclusions", verbose_name=_("by")
    )

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(name="draws_exclusion_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.order_id}"


class TypedResult(Kept):
    """What one person saw come out. It counts once a second person typed the same."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="typed_results", verbose_name=_("draw"))
    values = models.JSONField(_("results"))
    witnesses = models.TextField(_("witnesses"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="typed_results", verbose_name=_("by")
    )

    objects = AppendOnlyRows.as_manager()

    class Meta:
        verbose_name = _("typed result")
        verbose_name_plural = _("typed results")
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.by_id}"
