"""The columns of what can be exported; their names stay, for programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field

from raffles.sales.admin.additions import Glance, glances
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.export import Table, instant
from raffles.sales.models import Order, Payment, Player


class OrderTable(Table):
    name, personal = "orders", frozenset({"player", "phone"})

    code = Field("code", "code")
    status = Field("status", "status")
    player = Field("player__name", "player")
    phone = Field("player__phone", "phone")
    raffle = Field(None, "raffle code")
    numbers = Field(None, "numbers")
    amount = Field(None, "amount")
    currency = Field("currency", "currency")
    created = Field(None, "created", dehydrate_method=lambda order: instant(order.created_at))
    confirmed = Field(None, "confirmed", dehydrate_method=lambda order: instant(order.confirmed_at))
    closed = Field(None, "closed", dehydrate_method=lambda order: instant(order.closed_at))

    def read(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("player")

    def look_at(self, rows: Sequence[Order]) -> None:
        self.found: dict[int, Glance] = glances(rows)

    def dehydrate_raffle(self, order: Order) -> str:
        return self.found[order.pk].code

    def dehydrate_numbers(self, order: Order) -> str:
        return ", ".join(self.found[order.pk].units)

    def dehydrate_amount(self, order: Order) -> str:
        return write_amount(order.total_minor, order.currency)


class PaymentTable(Table):
    name, personal = "payments", frozenset({"player", "phone"})

    number = Field("pk", "payment")
    order = Field("order__code", "order")
    player = Field("player__name", "player")
    phone = Field("player__phone", "phone")
    amount = Field(None, "amount")
    currency = Field("currency", "currency")
    method = Field("method", "method")
    reference = Field("reference", "reference")
    confirmed_by = Field("confirmed_by__username", "confirmed by")
    confirmed = Field(None, "confirmed", dehydrate_method=lambda payment: instant(payment.confirmed_at))

    def read(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("order", "player", "confirmed_by")

    def dehydrate_amount(self, payment: Payment) -> str:
        return write_amount(payment.amount_minor, payment.currency)


class PlayerTable(Table):
    name, personal = "players", frozenset({"called", "phone", "email"})

    number = Field("pk", "player")
    called = Field("name", "name")
    phone = Field("phone", "phone")
    email = Field("email", "e-mail")
    city = Field("city", "city")
    language = Field("language", "language")
    orders = Field(None, "orders", dehydrate_method=lambda player: getattr(player, "order_count", ""))
    created = Field(None, "created", dehydrate_method=lambda player: instant(player.created_at))
    merged_into = Field("merged_into_id", "merged into")

    def read(self, rows: QuerySet[Player]) -> QuerySet[Player]:
        return rows.select_related(None)
