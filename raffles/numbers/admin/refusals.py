from __future__ import annotations

from django.utils.translation import gettext as _

from raffles.numbers.errors import (
    NotEnoughNumbers,
    NumbersTaken,
    OutsideRange,
    PriceDiffers,
    RaffleHasOrders,
    RaffleMoveNotAllowed,
    RaffleNotFound,
    RafflePublished,
    SalesClosed,
    TogetherTooMany,
    TooFewPerOrder,
    TooManyPerOrder,
    TooManyPerPlayer,
)
from raffles.numbers.models import Raffle
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import money


@in_words.register
def _raffle_not_found(refusal: RaffleNotFound, *, currency: str = "") -> str:
    return _("there is no such raffle")


@in_words.register
def _move_not_allowed(refusal: RaffleMoveNotAllowed, *, currency: str = "") -> str:
    return _("not possible, the raffle is “%(status)s”") % {
        "status": Raffle.Status(refusal.from_status).label
    }


@in_words.register
def _has_orders(refusal: RaffleHasOrders, *, currency: str = "") -> str:
    return _("this raffle has orders, if only cancelled ones: close it instead")


@in_words.register
def _published(refusal: RafflePublished, *, currency: str = "") -> str:
    return _("only a draft can be deleted; what everybody has seen stays: close it instead")


@in_words.register
def _sales_closed(refusal: SalesClosed, *, currency: str = "") -> str:
    return _("the raffle is not on sale now")


@in_words.register
def _numbers_taken(refusal: NumbersTaken, *, currency: str = "") -> str:
    return _("these numbers belong to others by now: %(labels)s") % {"labels": ", ".join(refusal.labels)}


@in_words.register
def _not_enough(refusal: NotEnoughNumbers, *, currency: str = "") -> str:
    if not refusal.left:
        return _("no number is free any more")
    return _("only %(left)d numbers are free") % {"left": refusal.left}


@in_words.register
def _outside(refusal: OutsideRange, *, currency: str = "") -> str:
    return _("the raffle has no such number: %(labels)s") % {"labels": ", ".join(refusal.labels)}


@in_words.register
def _too_few(refusal: TooFewPerOrder, *, currency: str = "") -> str:
    return _("a buyer takes %(limit)d numbers or more") % {"limit": refusal.limit}


@in_words.register
def _too_many(refusal: TooManyPerOrder, *, currency: str = "") -> str:
    return _("a buyer takes %(limit)d numbers at most") % {"limit": refusal.limit}


@in_words.register
def _too_many_for_one(refusal: TooManyPerPlayer, *, currency: str = "") -> str:
    return _("a person may have %(limit)d numbers, and has %(has)d") % {
        "limit": refusal.limit,
        "has": refusal.has,
    }


@in_words.register
def _together_too_many(refusal: TogetherTooMany, *, currency: str = "") -> str:
    return _(
        "together they have %(has)d numbers of %(title)s, a person may have %(limit)d, and not all are paid: "
        "cancel an unpaid order first"
    ) % {"title": refusal.title, "limit": refusal.limit, "has": refusal.has}


@in_words.register
def _price_differs(refusal: PriceDiffers, *, currency: str = "") -> str:
    return _("%(costs)s is the price now, and %(paid)s was paid") % {
        "costs": money(refusal.costs_minor, currency),
        "paid": money(refusal.paid_minor, currency),
    }
