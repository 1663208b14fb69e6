"""What the rooms above add to the pages of sales, which know neither what is sold nor how players talk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Model, Q
from django.utils.functional import Promise

from raffles.sales.admin.showing import may_open
from raffles.sales.inventory import inventory_of
from raffles.sales.models import Order, PaymentProof, Player


@dataclass(frozen=True)
class Glance:
    """What an order is about, for one line of a list."""

    title: str
    units: tuple[str, ...]
    code: str
    draw_at: datetime | None = None
    two_people_from_minor: int | None = None


@dataclass(frozen=True)
class Related:
    """`model`: whose pages it leads to, where not everybody who is shown it may open them."""

    label: str | Promise
    url: str
    model: type[Model] | None = None


@dataclass(frozen=True)
class SafeCopy:
    """Where a file of a player is shown as we drew it anew: a page to read, and one too small to read."""

    page_url: str
    thumbnail_url: str


GlanceAtMany = Callable[[Collection[Order]], dict[int, Glance]]

_glances: dict[str, GlanceAtMany] = {}
_searches: list[Callable[[str], Q]] = []
_of_orders: list[Callable[[Order], Iterable[Related]]] = []
_of_players: list[Callable[[Player], Iterable[Related]]] = []
_doubts: list[Callable[[Order, Any], Iterable[str]]] = []
_copies: list[Callable[[PaymentProof], SafeCopy]] = []
_remarks: list[Callable[[Player], Iterable[str]]] = []


def add_glance(kind: str, glance: GlanceAtMany) -> None:
    """The same number of queries for one order and for a whole page of them."""
    _glances[kind] = glance


def add_search(search: Callable[[str], Q]) -> None:
    """More ways to find an order by the words of the search box."""
    _searches.append(search)


def add_order_links(links: Callable[[Order], Iterable[Related]]) -> None:
    _of_orders.append(links)


def add_player_links(links: Callable[[Player], Iterable[Related]]) -> None:
    _of_players.append(links)


def add_doubts(doubts: Callable[[Order, Any], Iterable[str]]) -> None:
    """Why an order is confirmed only with a word of the one who does, in words for this user."""
    _doubts.append(doubts)


def doubts_about(order: Order, user: Any) -> tuple[str, ...]:
    return tuple(words for doubts in _doubts for words in doubts(order, user))


def add_safe_copies(copy_of: Callable[[PaymentProof], SafeCopy]) -> None:
    _copies.append(copy_of)


def safe_copy_of(proof: PaymentProof) -> SafeCopy | None:
    return next((copy_of(proof) for copy_of in _copies), None)


def add_remarks(remarks: Callable[[Player], Iterable[str]]) -> None:
    """What staff should know of a player into whom another is about to be merged."""
    _remarks.append(remarks)


def remarks_about(player: Player) -> tuple[str, ...]:
    return tuple(words for remarks in _remarks for words in remarks(player))


def glances(orders: Iterable[Order]) -> dict[int, Glance]:
    found: dict[int, Glance] = {}
    for kind, group in groupby(sorted(orders, key=lambda order: order.kind), key=lambda order: order.kind):
        found |= _glances.get(kind, _one_by_one)(list(group))
    return found


def search(words: str) -> Q:
    found = Q()
    for one in _searches:
        found |= one(words)
    return found


def links_of_order(order: Order, user: Any) -> Iterator[Related]:
    yield from _opened_by(user, (one for links in _of_orders for one in links(order)))
    yield from links_of_player(order.player, user)


def links_of_player(player: Player, user: Any) -> Iterator[Related]:
    yield from _opened_by(user, (one for links in _of_players for one in links(player)))


def _opened_by(user: Any, links: Iterable[Related]) -> Iterator[Related]:
    return (one for one in links if one.model is None or may_open(user, one.model))


def _one_by_one(orders: Collection[Order]) -> dict[int, Glance]:
    return {order.pk: _glance_by_inventory(order) for order in orders}


def _glance_by_inventory(order: Order) -> Glance:
    inventory = inventory_of(order)
    offering = inventory.offering(order)
    labels = tuple(line.label for line in inventory.lines(order))
    return Glance(offering.title, labels, offering.code)
