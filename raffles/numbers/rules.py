"""What a raffle must be, as the form says it. The database's constraints say the same again."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext_lazy as _

from raffles.sales.money import is_currency

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HIGHEST_NUMBER = 9_999_999
HIGHEST_PER_ORDER = 500
# An order of the most numbers at the highest price still fits into the books, and so do many of them.
HIGHEST_PRICE_MINOR = 10**13
LONGEST_HOLD_MINUTES = 10_080
WIDEST = 9


class RaffleFields(Protocol):
    """What the rules look at; the model itself stands above them."""

    price_minor: int
    currency: str
    first_number: int
    last_number: int
    number_width: int
    min_per_order: int
    max_per_order: int
    max_per_player: int | None
    hold_minutes: int
    sales_open_at: datetime
    sales_close_at: datetime
    draw_at: datetime
    time_zone: str


def broken_rules(raffle: RaffleFields) -> dict[str, _StrPromise]:
    """Field by field. A field that could not be read at all is None here and has its error already."""
    broken: dict[str, _StrPromise] = {}
    for field, message in (*_money(raffle), *_range(raffle), *_limits(raffle), *_times(raffle)):
        broken.setdefault(field, message)
    return broken


_Broken = Iterator[tuple[str, "_StrPromise"]]


def _money(raffle: RaffleFields) -> _Broken:
    if _less(raffle.price_minor, 1):
        yield "price_minor", _("The price must be more than zero.")
    if _less(HIGHEST_PRICE_MINOR, raffle.price_minor):
        yield "price_minor", _("The price is higher than the books can hold.")
    if raffle.currency and not is_currency(raffle.currency):
        yield "currency", _("This is not a currency; use its three letters, such as PYG, USD or BRL.")


def _range(raffle: RaffleFields) -> _Broken:
    if _less(raffle.first_number, 0):
        yield "first_number", _("The first number cannot be negative.")
    if _less(raffle.last_number, raffle.first_number):
        yield "last_number", _("The last number cannot be smaller than the first.")
    if _less(HIGHEST_NUMBER, raffle.last_number):
        yield "last_number", _("The last number can be 9,999,999 at most.")
    if _less(WIDEST, raffle.number_width):
        yield "number_width", _("A number can be shown with 9 digits at most.")


def _limits(raffle: RaffleFields) -> _Broken:
    if _less(raffle.min_per_order, 1):
        yield "min_per_order", _("An order has at least one number.")
    if _less(raffle.max_per_order, raffle.min_per_order):
        yield "max_per_order", _("The maximum per order cannot be smaller than the minimum.")
    if _less(HIGHEST_PER_ORDER, raffle.max_per_order):
        yield "max_per_order", _("An order can have 500 numbers at most.")
    if _less(raffle.max_per_player, raffle.min_per_order):
        yield "max_per_player", _("The maximum per player cannot be smaller than the minimum per order.")
    if _less(raffle.hold_minutes, 1) or _less(LONGEST_HOLD_MINUTES, raffle.hold_minutes):
        yield "hold_minutes", _("A hold lasts from 1 minute to 10,080 minutes (7 days).")


def _times(raffle: RaffleFields) -> _Broken:
    if _less(raffle.sales_close_at, raffle.sales_open_at, or_equal=True):
        yield "sales_close_at", _("Sales must close after they open.")
    if _less(raffle.draw_at, raffle.sales_close_at):
        yield "draw_at", _("The draw cannot be before the end of sales.")
    if raffle.time_zone and raffle.time_zone not in zoneinfo.available_timezones():
        yield "time_zone", _("This is not a time zone; use a name such as America/Asuncion.")


def is_unread(value: object) -> bool:
    return value is None


def _less(one: Any, other: Any, *, or_equal: bool = False) -> bool:
    if is_unread(one) or is_unread(other):
        return False
    return bool(one <= other if or_equal else one < other)
