"""How draws and prizes look to staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from raffles.draws.models import Award, Draw, Prize
from raffles.sales.admin.showing import NOTHING, badge, money

DRAW_TONES = {"PLANNED": "quiet", "COMMITTED": "good", "CLOSED": "look", "DRAWN": "good", "CALLED_OFF": "off"}
AWARD_TONES = {"OPEN": "wait", "HANDED_OVER": "good", "LOST": "off"}
LONGEST_LINE = 12

# By the word that the sweep leaves on a draw: what is wrong, and what somebody does about it.
TROUBLES: dict[str, tuple[Promise, Promise]] = {
    "entries": (
        _("Entries changed"),
        _(
            "What is sold is not what was frozen, or the frozen entries themselves were changed: somebody "
            "wrote past the product. Nothing is drawn. Compare the database with its last copy, put back "
            "what was changed, then press “Hold the draw”."
        ),
    ),
    "terms": (
        _("Offer differs from the rule"),
        _(
            "What is on sale or drawn is not what the published rule says: somebody wrote past the "
            "product. Put back what was changed in the database, then go on here."
        ),
    ),
    "rule": (
        _("Rule changed"),
        _(
            "The versions of the rule do not hang together: somebody changed one in the database. Put it "
            "back from the last copy, or call the draw off while there is time."
        ),
    ),
    "salts": (
        _("Key cannot be read"),
        _(
            "The sealed key of the entries cannot be read: SECRET_KEY is another one than when the rule was "
            "published. Start the product with the old key, then go on here."
        ),
    ),
    "secret": (
        _("Secret lost"),
        _(
            "The sealed secret cannot be read: SECRET_KEY is another one than when the rule was published. "
            "Start the product with the old key. If it is gone for good, the fallback of the rule can be "
            "used once its time has come."
        ),
    ),
    "beacon": (
        _("Beacon missing"),
        _(
            "The round of the beacon should be here and is not: the way to drand is shut. Get the round in a "
            "browser and paste it here; its signature says whether it is true."
        ),
    ),
    "round": (
        _("Round changed"),
        _(
            "The round that counts is not the one that follows from the rule: somebody changed it in the "
            "database. Nothing is drawn. Put it back from the last copy, then go on here."
        ),
    ),
    "typed": (
        _("Results changed"),
        _(
            "The results are not what two people typed: somebody changed them in the database. Nothing is "
            "drawn. Put them back from the last copy, then go on here."
        ),
    ),
    "lottery": (
        _("Lottery missed"),
        _(
            "The lottery was drawn and the entries were not frozen, because orders were undecided or the "
            "worker stood still. Its results are known and decide nothing. Decide or exclude those orders, "
            "then change the rule: put the draw off and name a later drawing. The players are told."
        ),
    ),
    "results": (
        _("Results missing"),
        _("Two people must type what came out, each on their own; then the draw is held by itself."),
    ),
}
UNKNOWN = (
    _("Something stops it"),
    _("Nothing is drawn. Press the button below: what is refused is said there; then tell the technician."),
)


def draw_badge(draw: Draw, now: datetime) -> SafeString:
    if draw.status == Draw.Status.COMMITTED and draw.closes_at and now >= draw.closes_at:
        return badge(_("Sales over, not frozen yet"), "wait")
    return badge(draw.get_status_display(), DRAW_TONES[draw.status])


def trouble_of(draw: Draw) -> tuple[Promise, Promise] | None:
    return TROUBLES.get(draw.trouble, UNKNOWN) if draw.trouble else None


def trouble_badge(draw: Draw) -> SafeString:
    found = trouble_of(draw)
    return badge(found[0], "bad") if found else NOTHING


def award_badge(award: Award) -> SafeString:
    if award.status == Award.Status.OPEN and award.claimed_at is not None:
        return badge(_("Claimed, to be handed over"), "look")
    return badge(award.get_status_display(), AWARD_TONES[award.status])


def labelled(number: int, width: int) -> str:
    return str(number).zfill(width)


def at_home(at: datetime | None, zone: str) -> str:
    """In the time zone of what is drawn among, named where it is not that of the house."""
    if at is None:
        return NOTHING
    here = date_format(localtime(at, ZoneInfo(zone)), "SHORT_DATETIME_FORMAT")
    return here if zone == settings.TIME_ZONE else f"{here} ({zone})"


def prize_amount(prize: Prize) -> str:
    return NOTHING if prize.amount_minor is None else money(prize.amount_minor, prize.currency)


def prize_line(label: str, quantity: int, amount: str) -> str:
    """Such as: Cash × 3 (PYG 500,000)."""
    many = f"{label} × {quantity}" if quantity > 1 else label
    return f"{many} ({amount})" if amount else many


def joined(labels: Iterable[str]) -> str:
    """The first few, and how many more."""
    every = list(labels)
    more = len(every) - LONGEST_LINE
    return ", ".join(every[:LONGEST_LINE]) + (f" +{more}" if more > 0 else "")
