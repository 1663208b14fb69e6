"""What a draw refuses, as sentences for staff."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.draws import errors
from raffles.draws.admin.showing import joined
from raffles.draws.coverage import in_words as ranges_in_words
from raffles.draws.models import Award, Draw
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import moment, money

FIELDS = {
    "lottery_name": _("the lottery"),
    "lottery_drawing": _("the drawing that counts"),
    "numbers": _("numbers"),
    "sales_open_at": _("begin of sales"),
    "closes_at": _("end of sales"),
    "draws_at": _("instant of the draw"),
    "time_zone": _("time zone"),
    "method": _("method"),
    "secret_hash": _("hash of the secret"),
    "beacon": _("beacon"),
    "lottery": _("the lottery"),
    "prizes": _("prizes"),
    "reserves": _("reserves"),
    "redraw": _("what becomes of a prize that is not claimed"),
    "claim_days": _("days to claim"),
}
AWAITED = {
    "beacon": _("the round of the beacon is not here yet"),
    "results": _("two people must have typed the same results first"),
}
BEACON = {
    "unreadable": _("this is neither drand's answer nor a signature"),
    "round": _("this is another round than the one that counts"),
    "signature": _("this signature is not the chain's: copy it again, whole"),
}
RECORDS = {
    "rule": _("the published rule was changed in the database"),
    "entries": _("the frozen entries were changed in the database"),
    "salts": _("the sealed key of the entries cannot be read"),
    "beacon": _("the recorded round of the beacon was changed in the database"),
    "round": _("the round that counts was changed in the database"),
    "typed": _("the results were changed in the database: no two people have typed these"),
}
RESULTS = {
    "digits": _("these are not digits, too few or too many: %(values)s"),
    "unsold": _("nobody has these numbers, put them aside and type the next: %(values)s"),
    "twice": _("these stand there twice: %(values)s"),
}


@in_words.register
def _no_draw(refusal: errors.DrawNotFound, *, currency: str = "") -> str:
    return _now("there is no such draw")


@in_words.register
def _move(refusal: errors.DrawMoveNotAllowed, *, currency: str = "") -> str:
    known = dict(Draw.Status.choices)
    if refusal.status not in known:
        return _now("the raffle must be on sale or paused")
    return _now("not possible, or somebody was faster: the draw is “%(status)s”") % {
        "status": known[refusal.status]
    }


@in_words.register
def _no_prizes(refusal: errors.PrizesMissing, *, currency: str = "") -> str:
    return _now("the draw has no prize yet: add one on its page")


@in_words.register
def _unfair(refusal: errors.RuleUnfair, *, currency: str = "") -> str:
    return unfair_in_words(refusal.never, refusal.likelier)


@in_words.register
def _incomplete(refusal: errors.RuleIncomplete, *, currency: str = "") -> str:
    return _now("the rule of the draw lacks something: %(field)s") % {
        "field": FIELDS.get(refusal.field, refusal.field)
    }


@in_words.register
def _too_soon(refusal: errors.DrawTooSoon, *, currency: str = "") -> str:
    return _now("the end of sales or the draw is over already: set them later first")


@in_words.register
def _only_later(refusal: errors.RuleOnlyLater, *, currency: str = "") -> str:
    return _now("a published draw can only be put off, and only while its sales run")


@in_words.register
def _drawing(refusal: errors.DrawingNotNamed, *, currency: str = "") -> str:
    return _now("name the lottery's drawing of the new day: the one named now is another day's")


@in_words.register
def _lottery_over(refusal: errors.LotteryOver, *, currency: str = "") -> str:
    return _now(
        "the lottery was drawn at %(at)s and the entries were not frozen: its results are known and decide "
        "nothing. Change the rule: put the draw off and name a later drawing"
    ) % {"at": moment(refusal.at)}


@in_words.register
def _unchanged(refusal: errors.RuleUnchanged, *, currency: str = "") -> str:
    return _now("nothing of the rule would change")


@in_words.register
def _terms_differ(refusal: errors.TermsDiffer, *, currency: str = "") -> str:
    named = ", ".join(str(FIELDS.get(name, name)) for name in refusal.fields)
    return _now("what is on sale or drawn is not what the published rule says: %(fields)s") % {
        "fields": named
    }


@in_words.register
def _undecided(refusal: errors.OrdersUndecided, *, currency: str = "") -> str:
    return _now("these orders must be decided or excluded first: %(codes)s") % {
        "codes": joined(refusal.orders)
    }


@in_words.register
def _not_undecided(refusal: errors.NotUndecided, *, currency: str = "") -> str:
    return _now("order %(code)s is decided already") % {"code": refusal.order}


@in_words.register
def _not_over(refusal: errors.SalesNotOver, *, currency: str = "") -> str:
    return _now("sales run until %(at)s") % {"at": moment(refusal.until)}


@in_words.register
def _not_due(refusal: errors.DrawNotDue, *, currency: str = "") -> str:
    return _now("not before %(at)s") % {"at": moment(refusal.at)}


@in_words.register
def _frozen(refusal: errors.EntriesFrozen, *, currency: str = "") -> str:
    return _now("its numbers are frozen for the draw: refund it once that was held")


@in_words.register
def _entries_changed(refusal: errors.EntriesChanged, *, currency: str = "") -> str:
    return _now("what is sold is not what was frozen, look at these numbers: %(numbers)s") % {
        "numbers": joined(str(number) for number in refusal.numbers)
    }


@in_words.register
def _record_changed(refusal: errors.RecordChanged, *, currency: str = "") -> str:
    return str(RECORDS.get(refusal.what, _("something that was published was changed in the database")))


@in_words.register
def _missing(refusal: errors.RandomnessMissing, *, currency: str = "") -> str:
    return str(AWAITED.get(refusal.what, AWAITED["results"]))


@in_words.register
def _secret_lost(refusal: errors.SecretLost, *, currency: str = "") -> str:
    return _now("the sealed secret cannot be read: start the product with the SECRET_KEY of before")


@in_words.register
def _beacon(refusal: errors.BeaconRefused, *, currency: str = "") -> str:
    return str(BEACON.get(refusal.why, BEACON["unreadable"]))


@in_words.register
def _no_fallback(refusal: errors.FallbackNotDue, *, currency: str = "") -> str:
    if refusal.at is None:
        return _now("nothing is lost: no fallback is needed")
    return _now("the rule allows the fallback from %(at)s on") % {"at": moment(refusal.at)}


@in_words.register
def _not_asked(refusal: errors.BeaconNotAsked, *, currency: str = "") -> str:
    return _now("the beacon is asked once more first: try again in a minute or two")


@in_words.register
def _results(refusal: errors.ResultsRefused, *, currency: str = "") -> str:
    if refusal.why == "count":
        return _now("the count is wrong: the rule says how many results count, no more and no fewer")
    if not refusal.values:
        return _now("type what came out")
    return str(RESULTS[refusal.why]) % {"values": joined(refusal.values)}


@in_words.register
def _no_witnesses(refusal: errors.WitnessesMissing, *, currency: str = "") -> str:
    return _now("name the witnesses: without them a physical draw counts nothing")


@in_words.register
def _no_award(refusal: errors.AwardNotFound, *, currency: str = "") -> str:
    return _now("there is no such prize to hand over")


@in_words.register
def _decided(refusal: errors.AwardDecided, *, currency: str = "") -> str:
    return _now("someone did this already: “%(status)s”") % {"status": Award.Status(refusal.status).label}


@in_words.register
def _unpaid(refusal: errors.AwardUnpaid, *, currency: str = "") -> str:
    return _now("its order %(code)s is not paid any more: pass the prize on") % {"code": refusal.order}


@in_words.register
def _nothing_won(refusal: errors.NothingWon, *, currency: str = "") -> str:
    return _now("this player has no prize of this draw any more")


@in_words.register
def _no_name(refusal: errors.NameMissing, *, currency: str = "") -> str:
    return _now("write what may be shown, 40 signs at most, and no phone or address")


@in_words.register
def _totals(refusal: errors.TotalsDiffer, *, currency: str = "") -> str:
    return _now(
        "the books differ: the orders say %(expected)s, the tickets %(found)s; tell the technician"
    ) % {
        "expected": money(refusal.expected_minor, currency) if currency else refusal.expected_minor,
        "found": money(refusal.found_minor, currency) if currency else refusal.found_minor,
    }


@in_words.register
def _no_entry(refusal: errors.NotAnEntry, *, currency: str = "") -> str:
    return _now("number %(number)d takes no part in this draw") % {"number": refusal.number}


def unfair_in_words(never: tuple[tuple[int, int], ...], likelier: tuple[tuple[int, int], ...]) -> str:
    if never:
        return _now("the rule is not fair: these numbers could never win: %(numbers)s") % {
            "numbers": ranges_in_words(never)
        }
    return _now("the rule is not fair: these numbers would win more often than the others: %(numbers)s") % {
        "numbers": ranges_in_words(likelier)
    }
