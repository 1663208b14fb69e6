from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field

from raffles.draws.models import Award
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.export import Table, instant


class AwardTable(Table):
    name, personal = "awards", frozenset({"player", "phone"})

    draw = Field("draw__code", "draw")
    rank = Field("prize__rank", "rank")
    prize = Field("prize__label", "prize")
    unit = Field("unit", "unit")
    amount = Field(None, "amount")
    currency = Field("prize__currency", "currency")
    number = Field("number", "number")
    order = Field("order__code", "order")
    player = Field("player__name", "player")
    phone = Field("player__phone", "phone")
    status = Field("status", "status")
    won = Field(None, "won", dehydrate_method=lambda award: instant(award.won_at))
    claim_until = Field(None, "claim until", dehydrate_method=lambda award: instant(award.claim_until))
    claimed = Field(None, "claimed", dehydrate_method=lambda award: instant(award.claimed_at))
    handed_over = Field(None, "handed over", dehydrate_method=lambda award: instant(award.handed_over_at))
    lost = Field(None, "lost", dehydrate_method=lambda award: instant(award.lost_at))
    lost_why = Field("lost_why", "why lost")

    def read(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("draw", "prize", "order", "player")

    def dehydrate_amount(self, award: Award) -> str:
        prize = award.prize
        return "" if prize.amount_minor is None else write_amount(prize.amount_minor, prize.currency)
