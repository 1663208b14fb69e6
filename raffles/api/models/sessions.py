"""People who signed in with an app."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppSession(models.Model):
    """One sign-in and all the tokens that came of it. Only the newest refresh token buys the next pair."""

    key = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="app_sessions", verbose_name=_("user")
    )
    # The refresh token that is good, by its id; the token itself is nowhere here.
    newest = models.CharField(max_length=64)
    second_factor = models.BooleanField(default=False)
    opened_at = models.DateTimeField(_("opened at"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)
