"""What the room that sells adds to the pages of draws, which do not know what is drawn among."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from raffles.draws.models import Draw
from raffles.sales.admin.additions import Related


@dataclass(frozen=True)
class Offer:
    """What is on sale now; once the rule was published its own instants count."""

    title: str
    closes_at: datetime
    draws_at: datetime
    currency: str


OffersOf = Callable[[Collection[Draw]], dict[int, Offer]]
# What leads on from a draw, for this user and at this time.
Links = Callable[[Draw, Any, datetime], Iterable[Related]]

_offers: dict[str, OffersOf] = {}
_links: list[Links] = []
_searches: list[Callable[[str], Q]] = []


def add_offers(kind: str, offers_of: OffersOf) -> None:
    """The same number of queries for one draw and for a whole page of them."""
    _offers[kind] = offers_of


def add_links(links: Links) -> None:
    _links.append(links)


def add_search(search: Callable[[str], Q]) -> None:
    _searches.append(search)


def offers(draws: Iterable[Draw]) -> dict[int, Offer]:
    found: dict[int, Offer] = {}
    for kind, group in groupby(sorted(draws, key=_kind), key=_kind):
        found |= _offers[kind](list(group)) if kind in _offers else {}
    return found


def links_of(draw: Draw, user: Any, now: datetime) -> Iterator[Related]:
    for links in _links:
        yield from links(draw, user, now)


def search(words: str) -> Q:
    found = Q()
    for one in _searches:
        found |= one(words)
    return found


def _kind(draw: Draw) -> str:
    return draw.kind
