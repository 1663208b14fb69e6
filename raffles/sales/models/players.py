from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Player(models.Model):
    """Who plays and may win. No channel in it: a channel points here."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    news_stopped_at = models.DateTimeField(_("news stopped at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)

    class Meta:
        verbose_name = _("player")
        verbose_name_plural = _("players")
        permissions = [("merge_players", _("Can merge two players into one"))]
        indexes = [models.Index(fields=["created_at"], name="sales_player_created")]
        constraints = [
            models.CheckConstraint(
                name="sales_player_merged_pair",
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
            ),
            models.CheckConstraint(name="sales_player_not_own_twin", condition=~Q(merged_into=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


@dataclass(frozen=True)
class Actor:
    """Who moves an order; the label stays readable when the user is gone."""

    label: str
    user: User | None = None

    @classmethod
    def player(cls) -> Self:
        return cls("player")

    @classmethod
    def clock(cls) -> Self:
        return cls("clock")

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(f"staff:{user.get_username()}", user)
