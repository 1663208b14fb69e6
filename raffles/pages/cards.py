"""A raffle as a visitor sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, gettext

from raffles.draws.models import Draw, Prize
from raffles.numbers.models import Raffle
from raffles.pages.board import share
from raffles.pages.times import Moment, grouped
from raffles.sales.money import format_money
from raffles.sales.picture_files import version_of

Status = Raffle.Status


@dataclass(frozen=True)
class Card:
    raffle: Raffle
    taken: int

    @property
    def href(self) -> str:
        return reverse("pages:raffle", args=[self.raffle.code])

    @property
    def picture(self) -> str:
        picture = self.raffle.image
        if not picture:
            return ""
        return f"{reverse('pages:picture', args=[self.raffle.code])}?v={version_of(picture)}"

    @property
    def price(self) -> str:
        return money(self.raffle.price_minor, self.raffle.currency)

    @property
    def draw_at(self) -> Moment:
        return Moment(self.raffle.draw_at, self.raffle.time_zone)

    @property
    def share(self) -> int:
        return share(self.taken, self.raffle.size)

    @property
    def stock(self) -> str:
        return gettext("%(taken)s of %(size)s numbers taken") % {
            "taken": grouped(self.taken),
            "size": grouped(self.raffle.size),
        }


@dataclass(frozen=True)
class ShownPrize:
    rank: int
    label: str
    quantity: int
    amount: str
    picture: str


def prizes_of(draw: Draw) -> list[ShownPrize]:
    return [_shown(draw, prize) for prize in draw.prizes.order_by("rank")]


def money(minor: int, currency: str) -> str:
    return format_money(minor, currency, get_language() or "en")


def state_of(raffle: Raffle, now: datetime) -> str:
    """What can be bought now, in a sentence."""
    if raffle.is_on_sale(now):
        return gettext("Numbers are on sale")
    if raffle.status == Status.PAUSED:
        return gettext("Sales are paused")
    if raffle.status == Status.ACTIVE and now < raffle.sales_open_at:
        return gettext("Sales have not begun yet")
    return gettext("Sales are over")


def _shown(draw: Draw, prize: Prize) -> ShownPrize:
    has_amount = prize.amount_minor is not None and bool(prize.currency)
    return ShownPrize(
        rank=prize.rank,
        label=prize.label,
        quantity=prize.quantity,
        amount=money(prize.amount_minor or 0, prize.currency) if has_amount else "",
        picture=_picture(draw, prize) if prize.picture else "",
    )


def _picture(draw: Draw, prize: Prize) -> str:
    return f"{reverse('pages:prize_picture', args=[draw.code, prize.rank])}?v={version_of(prize.picture)}"
