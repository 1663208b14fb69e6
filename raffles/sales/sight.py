"""Which orders somebody may see, and with them every row that belongs to one.

The rooms above say who is limited to which orders, and which of their own rows belong to those. For who is
limited, rows that belong to no order are not there at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from raffles.sales.models import CreditEntry, Order, Payment, PaymentProof, Player, Refund
from raffles.sales.queries import credits_of

# What of the orders somebody may see; None where they may see all.
Limit = Callable[[Any], Q | None]
# Which rows of a model belong to these orders, or to this user.
Belonging = Callable[[Any, QuerySet[Order]], Q]

_Row = TypeVar("_Row", bound=Model)

_limits: list[Limit] = []
_belonging: dict[type[Model], Belonging] = {
    Order: lambda _user, orders: Q(pk__in=orders),
    PaymentProof: lambda _user, orders: Q(order__in=orders),
    Payment: lambda _user, orders: Q(order__in=orders),
    Refund: lambda _user, orders: Q(order__in=orders),
    CreditEntry: lambda _user, orders: (
        Q(order__in=orders) | Q(payment__order__in=orders) | Q(refund__order__in=orders)
    ),
    Player: lambda _user, orders: Q(pk__in=orders.values("player_id")),
}


def add_limit(limit: Limit) -> None:
    _limits.append(limit)


def add_belonging(model: type[Model], belonging: Belonging) -> None:
    _belonging[model] = belonging


def has_belonging(model: type[Model]) -> bool:
    return model in _belonging


def orders_seen_by(user: Any) -> QuerySet[Order]:
    return seen_by(user, Order.objects.all())


def may_see(user: Any, order: Order) -> bool:
    return _limit_of(user) is None or orders_seen_by(user).filter(pk=order.pk).exists()


def is_limited(user: Any) -> bool:
    return _limit_of(user) is not None


def credits_seen_by(user: Any, player_id: int) -> list[tuple[int, str]]:
    """As amount and currency. Credit is of the whole house, and its parts are of no raffle.

    Whoever sees some orders only would read of what the player paid to others: for them there is none.
    """
    return [] if is_limited(user) else credits_of(player_id)


def seen_by(user: Any, rows: QuerySet[_Row]) -> QuerySet[_Row]:
    limit = _limit_of(user)
    if limit is None:
        return rows
    belonging = _belonging.get(rows.model)
    if belonging is None:
        return rows.none()
    return rows.filter(belonging(user, Order.objects.filter(limit).order_by()))


def wholly_seen_by(user: Any, players: QuerySet[Player]) -> QuerySet[Player]:
    """Players all of whose orders somebody may see: whoever sees some only would move what is not theirs."""
    if _limit_of(user) is None:
        return players
    hidden = Order.objects.exclude(pk__in=orders_seen_by(user).values("pk"))
    return seen_by(user, players).exclude(pk__in=hidden.values("player_id"))


def _limit_of(user: Any) -> Q | None:
    """Each kind of thing that is sold says which of its orders are theirs; together they are what is seen."""
    found = [part for limit in _limits if (part := limit(user)) is not None]
    return reduce(or_, found) if found else None
