"""Who calls: a program, the tokens it shows, and what it made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from raffles.hooks.models import Subscription
from raffles.sales.models import Order, Player


class Client(models.Model):
    """A program of somebody's. It outlives its tokens: what it made stays its own when they change."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="api_clients",
        verbose_name=_("acts for"),
        help_text=_("The program never may do more than this user, whatever its scopes say."),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """What a client shows. The secret is shown once; here is its SHA-256, enough for 256 random bits."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="tokens", verbose_name=_("client"))
    # The readable beginning: finds the row, names the token to people, opens nothing.
    prefix = models.CharField(_("begins with"), max_length=16, unique=True)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    networks = models.JSONField(
        _("networks"),
        default=list,
        blank=True,
        help_text=_("Addresses or networks it may come from, such as 203.0.113.0/24; empty: from anywhere."),
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="made_tokens", verbose_name=_("created by")
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        default_permissions = ("view",)
        ordering = ["-id"]
        permissions = [("manage_token", _("Can make and revoke API tokens"))]
        constraints = [
            models.CheckConstraint(name="api_token_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.UniqueConstraint(name="api_token_digest_once", fields=["digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class MadeOrder(models.Model):
    order = models.OneToOneField(Order, models.PROTECT, related_name="made_by_client")
    client = models.ForeignKey(Client, models.PROTECT, related_name="orders")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.client_id}/{self.order_id}"


class MadePlayer(models.Model):
    """A client may buy for the players it brought; two clients may have brought the same one."""

    player = models.ForeignKey(Player, models.PROTECT, related_name="made_by_clients")
    client = models.ForeignKey(Client, models.PROTECT, related_name="players", db_index=False)
    # Who was there before may be bought for; what is known of them stays with those who knew it.
    is_new = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="api_player_once", fields=["client", "player"])]

    def __str__(self) -> str:
        return f"{self.client_id}/{self.player_id}"


class MadeSubscription(models.Model):
    """A webhook of a program: it hears what the program may, as long as one of its tokens says so."""

    subscription = models.OneToOneField(Subscription, models.PROTECT, related_name="made_by_client")
    client = models.ForeignKey(Client, models.PROTECT, related_name="subscriptions")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.client_id}/{self.subscription_id}"
