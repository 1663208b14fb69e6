"""What the desk refuses, as sentences for staff."""

from __future__ import annotations

from django.utils.translation import gettext as _

from raffles.desk import errors
from raffles.sales.admin.refusals import in_words as refusal_in_words
from raffles.sales.admin.refusals import told_to
from raffles.sales.admin.showing import moment

__all__ = ["refusal_in_words", "told_to"]


@refusal_in_words.register
def _card_taken(refusal: errors.CardTaken, *, currency: str = "") -> str:
    return _("%(who)s has it open since %(since)s") % {
        "who": refusal.reviewer,
        "since": moment(refusal.since),
    }


@refusal_in_words.register
def _card_not_yours(refusal: errors.CardNotYours, *, currency: str = "") -> str:
    return _("it is no longer yours: your time ran out or somebody took it over; open it again")


@refusal_in_words.register
def _nothing_to_review(refusal: errors.NothingToReview, *, currency: str = "") -> str:
    return _("nothing is left to decide: somebody was faster, or the order is over")


@refusal_in_words.register
def _order_changed(refusal: errors.OrderChanged, *, currency: str = "") -> str:
    return _("the order changed while you were looking; nothing was done: look again, then decide")


@refusal_in_words.register
def _decided_already(refusal: errors.DecidedAlready, *, currency: str = "") -> str:
    return _("%(who)s decided a moment ago") % {"who": refusal.by}


@refusal_in_words.register
def _undo_too_late(refusal: errors.UndoTooLate, *, currency: str = "") -> str:
    return _("too late: it was carried out already")
