"""What a player has, to be read by staff who compare two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from raffles.sales.admin.additions import Glance, glances
from raffles.sales.admin.order_page import status_badge
from raffles.sales.admin.showing import money
from raffles.sales.models import Order, Payment, Player, Refund
from raffles.sales.queries import credits_of

MOST_SHOWN = 50
OWN = ("name", "phone", "email", "city", "language", "news_stopped_at")


@dataclass(frozen=True)
class HeldOrder:
    order: Order
    badge: str
    amount: str
    glance: Glance


@dataclass(frozen=True)
class Holding:
    """`facts` tell two holdings apart; the rest is for people."""

    player: Player
    orders: tuple[HeldOrder, ...]
    more_orders: int
    payments: int
    refunds: int
    credit: str
    facts: tuple[Any, ...]


def holding_of(player_id: int) -> Holding:
    player = Player.objects.get(pk=player_id)
    orders = list(Order.objects.filter(player=player).select_related("player").order_by("-id"))
    shown, credit = orders[:MOST_SHOWN], credits_of(player.pk)
    payments = list(Payment.objects.filter(player=player).order_by("pk").values_list("pk", flat=True))
    refunds = list(Refund.objects.filter(player=player).order_by("pk").values_list("pk", "status"))
    own = [getattr(player, name) for name in OWN]
    return Holding(
        player=player,
        orders=_shown(shown),
        more_orders=len(orders) - len(shown),
        payments=len(payments),
        refunds=len(refunds),
        credit=", ".join(money(minor, currency) for minor, currency in credit),
        facts=(own, [(one.code, one.status) for one in orders], payments, refunds, credit),
    )


def _shown(orders: list[Order]) -> tuple[HeldOrder, ...]:
    seen = glances(orders)
    return tuple(
        HeldOrder(one, status_badge(one), money(one.total_minor, one.currency), seen[one.pk])
        for one in orders
    )
