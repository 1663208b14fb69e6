from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.numbers.admin.organisers import OwnRaffleFilter
from raffles.numbers.admin.tables import TicketTable
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.admin.export import Exports
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import badge, may_open, money, row_link

TONES = {"RESERVED": "wait", "SOLD": "good", "RELEASED": "off"}


@admin.register(Ticket)
class TicketAdmin(Exports, RecordPage[Ticket]):
    table = TicketTable
    actions = ("export_as_csv", "export_as_xlsx")
    list_display = ("label", "raffle_shown", "status_shown", "order_shown", "player", "price")
    list_filter = ("status", ("raffle", OwnRaffleFilter))
    list_select_related = ("raffle", "order__player")
    search_fields = ("=raffle__code", "=order__code", "order__player__name")
    search_help_text = _("Number, raffle, order, player")
    ordering = ("-id",)
    fields = ("label", "raffle_shown", "status_shown", "order_shown", "player", "price")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return _for(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return _for(request, self.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return _for(request, self.fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return super().get_queryset(request).select_related("raffle", "order__player")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """`7` and `007` find the number 7, `MOTO 7` that of one raffle."""
        *words, last = search_term.split() or [""]
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not (last.isascii() and last.isdigit() and len(last) <= 9):
            return found, duplicates
        numbered = queryset.filter(number=int(last))
        if words:
            numbered = numbered.filter(Q(raffle__code__iexact=" ".join(words)))
        return numbered, False

    @admin.display(description=_("number"), ordering="number")
    def label(self, ticket: Ticket) -> str:
        return ticket.raffle.label(ticket.number)

    @admin.display(description=_("raffle"), ordering="raffle")
    def raffle_shown(self, ticket: Ticket) -> SafeString | str:
        return row_link(ticket.raffle)

    @admin.display(description=_("raffle"), ordering="raffle")
    def raffle_named(self, ticket: Ticket) -> str:
        return str(ticket.raffle)

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, ticket: Ticket) -> SafeString:
        return badge(ticket.get_status_display(), TONES[ticket.status])

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, ticket: Ticket) -> SafeString | str:
        return row_link(ticket.order)

    @admin.display(description=_("player"))
    def player(self, ticket: Ticket) -> SafeString | str:
        return row_link(ticket.order.player)

    @admin.display(description=_("price"))
    def price(self, ticket: Ticket) -> str:
        return money(ticket.price_minor, ticket.raffle.currency)


def _for(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever may not open raffles reads their names without a link."""
    if may_open(request.user, Raffle):
        return names
    return tuple("raffle_named" if name == "raffle_shown" else name for name in names)
