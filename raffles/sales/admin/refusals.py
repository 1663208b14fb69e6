"""Every refusal as a sentence for staff. Rooms above register theirs with `in_words.register`."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _

from raffles.sales import errors
from raffles.sales.admin.showing import money
from raffles.sales.models import Order, Refund
from raffles.sales.sight import orders_seen_by


@singledispatch
def in_words(refusal: errors.Refusal, *, currency: str = "") -> str:
    return _("this is not possible now (%(name)s)") % {"name": type(refusal).__name__}


def told_to(user: Any, refusal: errors.Refusal, *, currency: str = "") -> str:
    """As `in_words`, but an order that they may not see is not named to them."""
    code = refusal.code if isinstance(refusal, errors.ReferenceUsed) else ""
    if code and not orders_seen_by(user).filter(code=code).exists():
        return _("this transfer was confirmed before, for an order of another raffle")
    return in_words(refusal, currency=currency)


@in_words.register
def _order_not_found(refusal: errors.OrderNotFound, *, currency: str = "") -> str:
    return _("there is no such order")


@in_words.register
def _player_not_found(refusal: errors.PlayerNotFound, *, currency: str = "") -> str:
    return _("there is no such player")


@in_words.register
def _same_player(refusal: errors.SamePlayer, *, currency: str = "") -> str:
    return _("this is one and the same player")


@in_words.register
def _merged_already(refusal: errors.MergedAlready, *, currency: str = "") -> str:
    return _("one of the two was merged already")


@in_words.register
def _both_have_open_orders(refusal: errors.BothHaveOpenOrders, *, currency: str = "") -> str:
    return _("both have an order that is not finished (%(codes)s): finish or cancel those of one first") % {
        "codes": ", ".join(refusal.codes)
    }


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
    return _("these numbers belong to others by now: %(labels)s") % {"labels": gone}


@in_words.register
def _draw_held(refusal: errors.DrawHeld, *, currency: str = "") -> str:
    return _("its sale is over; the money stays as the player's credit")


@in_words.register
def _amount_not_positive(refusal: errors.AmountNotPositive, *, currency: str = "") -> str:
    return _("write the amount that came or goes, more than nothing")


@in_words.register
def _nothing_missing(refusal: errors.NothingMissing, *, currency: str = "") -> str:
    return _("its money is there already: pay it with credit")


@in_words.register
def _reason_needed(refusal: errors.ReasonNeeded, *, currency: str = "") -> str:
    return _("its receipt was seen with another order: open it and say why it is right all the same")


@in_words.register
def _reference_used(refusal: errors.ReferenceUsed, *, currency: str = "") -> str:
    if not refusal.code:
        return _("this transfer was recorded before, without an order")
    return _("this transfer was confirmed before, for order %(code)s") % {"code": refusal.code}


@in_words.register
def _second_person_needed(refusal: errors.SecondPersonNeeded, *, currency: str = "") -> str:
    limit = money(refusal.from_minor, currency)
    return _(
        "from %(limit)s on two people must confirm: your word is noted, now somebody else must confirm the "
        "same amount"
    ) % {"limit": limit}


@in_words.register
def _credit_too_small(refusal: errors.CreditTooSmall, *, currency: str = "") -> str:
    return _("the credit is %(has)s, and %(needed)s is needed") % {
        "has": money(refusal.has_minor, currency),
        "needed": money(refusal.needed_minor, currency),
    }


@in_words.register
def _currency_unknown(refusal: errors.CurrencyUnknown, *, currency: str = "") -> str:
    return _("there is no such currency")


@in_words.register
def _refund_not_found(refusal: errors.RefundNotFound, *, currency: str = "") -> str:
    return _("there is no such refund")


@in_words.register
def _refund_decided(refusal: errors.RefundDecided, *, currency: str = "") -> str:
    return _("someone did this already; the refund is “%(status)s”") % {
        "status": Refund.Status(refusal.status).label
    }


@in_words.register
def _evidence_missing(refusal: errors.EvidenceMissing, *, currency: str = "") -> str:
    return _("write the number of the transfer or add a picture of it")


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
