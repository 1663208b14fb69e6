"""Every refusal as a sentence for staff. Rooms above register theirs with `in_words.register`."""

from __future__ import annotations

from functools import singledispatch

from django.utils.translation import gettext as _

from raffles.sales import errors
from raffles.sales.admin.showing import money
from raffles.sales.models import Order


@singledispatch
def in_words(refusal: errors.Refusal, *, currency: str = "") -> str:
    return _("this is not possible now (%(name)s)") % {"name": type(refusal).__name__}


@in_words.register
def _order_not_found(refusal: errors.OrderNotFound, *, currency: str = "") -> str:
    return _("there is no such order")


@in_words.register
def _player_not_found(refusal: errors.PlayerNotFound, *, currency: str = "") -> str:
    return _("there is no such player")


@in_words.register
def _move_not_allowed(refusal: errors.MoveNotAllowed, *, currency: str = "") -> str:
    if refusal.from_status == refusal.to_status:
        return _("someone did this already; the order is “%(status)s”") % _status(refusal.from_status)
    return _("not possible, the order is “%(status)s”") % _status(refusal.from_status)


@in_words.register
def _order_moved(refusal: errors.OrderMoved, *, currency: str = "") -> str:
    return _("someone was faster: the order is no longer “%(status)s”") % _status(refusal.expected_status)


@in_words.register
def _hold_ran_out(refusal: errors.HoldRanOut, *, currency: str = "") -> str:
    return _("its time ran out and the numbers were released")


@in_words.register
def _units_gone(refusal: errors.UnitsGone, *, currency: str = "") -> str:
    gone = ", ".join(refusal.labels)
    return _("these numbers belong to others by now: %(labels)s; return the money and cancel") % {
        "labels": gone
    }


@in_words.register
def _draw_held(refusal: errors.DrawHeld, *, currency: str = "") -> str:
    return _("the money came late and the draw was held; return it and cancel")


@in_words.register
def _amount_differs(refusal: errors.AmountDiffers, *, currency: str = "") -> str:
    return _("%(got)s came, but the order costs %(expected)s; nothing was confirmed") % {
        "got": money(refusal.got_minor, currency),
        "expected": money(refusal.expected_minor, currency),
    }


@in_words.register
def _reason_missing(refusal: errors.ReasonMissing, *, currency: str = "") -> str:
    return _("a reason is needed; the player reads it")


@in_words.register
def _proof_unreadable(refusal: errors.ProofUnreadable, *, currency: str = "") -> str:
    return _("the file cannot be read")


@in_words.register
def _proof_kind(refusal: errors.ProofKindNotAllowed, *, currency: str = "") -> str:
    return _("only these files are taken: %(kinds)s") % {"kinds": ", ".join(refusal.allowed)}


@in_words.register
def _proof_too_large(refusal: errors.ProofTooLarge, *, currency: str = "") -> str:
    return _("the file is larger than %(limit)d MB") % {"limit": refusal.limit // 1024 // 1024}


@in_words.register
def _too_many_proofs(refusal: errors.TooManyProofs, *, currency: str = "") -> str:
    return _("the order has %(limit)d proofs already") % {"limit": refusal.limit}


def _status(status: str) -> dict[str, str]:
    return {"status": str(Order.Status(status).label)}
