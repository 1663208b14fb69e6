from __future__ import annotations

from functools import partial
from typing import Any

import phonenumbers
from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.admin import merging
from raffles.sales.admin.additions import links_of_player
from raffles.sales.admin.export import Exports
from raffles.sales.admin.filters import CreditFilter
from raffles.sales.admin.money_pages import step_buttons, step_urls
from raffles.sales.admin.money_steps import OF_PLAYERS
from raffles.sales.admin.pages import RowForm
from raffles.sales.admin.showing import link, list_url, may_open, money
from raffles.sales.admin.tables import PlayerTable
from raffles.sales.models import CreditEntry, Order, Player
from raffles.sales.queries import credits_of
from raffles.sales.sight import is_limited, orders_seen_by


class PlayerForm(RowForm[Player]):
    class Meta:
        model = Player
        fields = ("name", "phone", "email", "city")

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        if not typed or typed == self.instance.phone:
            return typed
        try:
            number = phonenumbers.parse(typed)
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(
                _("Write the phone with its country, such as +595 981 123456.")
            ) from None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@admin.register(Player)
class PlayerAdmin(Exports):
    table = PlayerTable
    actions = ("export_as_csv", "export_as_xlsx")
    form = PlayerForm
    fields = (
        "name",
        "phone",
        "email",
        "city",
        "language",
        "news_stopped_at",
        "created_at",
        "merged_into",
        "credit",
        "related",
    )
    readonly_fields = ("language", "news_stopped_at", "created_at", "merged_into", "credit", "related")
    list_display = ("name_shown", "phone", "language", "city", "orders_shown", "created_at")
    list_filter = ("language", CreditFilter, "city")
    search_fields = ("name", "phone", "email", "city")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Player]:
        players: QuerySet[Player] = super().get_queryset(request)
        if not is_limited(request.user):
            return players.annotate(order_count=Count("orders"))
        theirs = Q(orders__in=orders_seen_by(request.user).values("pk"))
        return players.annotate(order_count=Count("orders", filter=theirs))

    def get_urls(self) -> list[URLPattern]:
        merge = path(
            "<int:player_id>/merge/",
            self.admin_site.admin_view(partial(merging.answer, self)),
            name="sales_player_merge",
        )
        return [*step_urls(self, OF_PLAYERS), merge, *super().get_urls()]

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        player = super().get_object(request, *args, **options)
        if player is not None:
            setattr(player, "buttons", step_buttons(player, request.user, OF_PLAYERS))  # noqa: B010
            setattr(player, "merge", _merge_button(player, request.user))  # noqa: B010
            setattr(player, "links", list(links_of_player(player, request.user)))  # noqa: B010
            setattr(player, "has_entries", may_open(request.user, CreditEntry))  # noqa: B010
        return player

    def save_model(self, request: HttpRequest, obj: Player, form: Any, change: bool) -> None:
        """Which fields, and not what stood in them: the log is no second address book."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            told = {"fields": form.changed_data}
            record(Deed.PLAYER_CHANGED, subject=obj, label=f"#{obj.pk}", user=request.user, after=told)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name != "credit" or not is_limited(request.user))

    @admin.display(description=_("credit"))
    def credit(self, player: Player) -> SafeString:
        amounts = ", ".join(money(minor, currency) for minor, currency in credits_of(player.pk))
        words = amounts or str(_("none"))
        may_open_them = getattr(player, "has_entries", False)
        entries = link(list_url(CreditEntry, player__id__exact=player.pk), words) if may_open_them else words
        return format_html("{} {}", entries, getattr(player, "buttons", ""))

    @admin.display(description=_("name"), ordering="name")
    def name_shown(self, player: Player) -> str:
        return str(player)

    @admin.display(description=_("orders"), ordering="order_count")
    def orders_shown(self, player: Player) -> SafeString:
        return link(list_url(Order, player__id__exact=player.pk), _orders(getattr(player, "order_count", 0)))

    @admin.display(description=_("related"))
    def related(self, player: Player) -> SafeString:
        orders = (list_url(Order, player__id__exact=player.pk), _orders(getattr(player, "order_count", 0)))
        others = [(one.url, one.label) for one in getattr(player, "links", ())]
        links = format_html_join(" · ", '<a href="{}">{}</a>', [orders, *others])
        return format_html("{} {}", links, getattr(player, "merge", ""))


def _merge_button(player: Player, user: Any) -> SafeString | str:
    if not merging.may_merge(user, player):
        return ""
    address, words = reverse("admin:sales_player_merge", args=(player.pk,)), _("Merge with another")
    return format_html('<a class="btn btn-outline-warning" href="{}">{}</a>', address, words)


def _orders(count: int) -> str:
    return ngettext("%(count)d order", "%(count)d orders", count) % {"count": count}
