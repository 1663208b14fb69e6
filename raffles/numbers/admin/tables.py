from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field

from raffles.numbers.models import Ticket
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.export import Table


class TicketTable(Table):
    name, personal = "tickets", frozenset({"player", "phone"})

    raffle = Field("raffle__code", "raffle code")
    number = Field(None, "number", dehydrate_method=lambda ticket: ticket.raffle.label(ticket.number))
    status = Field("status", "status")
    order = Field("order__code", "order")
    order_status = Field("order__status", "order status")
    player = Field("order__player__name", "player")
    phone = Field("order__player__phone", "phone")
    price = Field(None, "price")
    currency = Field("raffle__currency", "currency")

    def read(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("raffle", "order__player")

    def dehydrate_price(self, ticket: Ticket) -> str:
        return write_amount(ticket.price_minor, ticket.raffle.currency)
