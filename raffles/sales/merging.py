"""When staff may not make one player of two. The rooms above add what they know of their own limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from raffles.sales.errors import BothHaveOpenOrders, MergedAlready, Refusal, SamePlayer
from raffles.sales.models import Player
from raffles.sales.queries import open_orders

Objection = Callable[[Player, Player], Iterable[Refusal]]

_objections: list[Objection] = []


def add_objection(objection: Objection) -> None:
    _objections.append(objection)


def require_mergeable(keep: Player, gone: Player) -> None:
    """Both rows are locked, so that nobody can order, pay or merge meanwhile."""
    if keep.pk == gone.pk:
        raise SamePlayer
    if keep.merged_into_id or gone.merged_into_id:
        raise MergedAlready
    _require_one_open_order(keep, gone)
    for objection in _objections:
        for refusal in objection(keep, gone):
            raise refusal


def _require_one_open_order(keep: Player, gone: Player) -> None:
    """A receipt that comes next would have two orders to be for, begun in two chats."""
    ours, theirs = open_orders(keep.pk), open_orders(gone.pk)
    if ours and theirs:
        raise BothHaveOpenOrders(tuple(sorted(order.code for order in (*ours, *theirs))))
