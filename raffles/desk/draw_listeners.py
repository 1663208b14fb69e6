"""What staff hear of draws. Nothing of it names a player, an order or a number: a page of its own does."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from raffles.desk import alerts
from raffles.desk.models import StaffNotification
from raffles.draws.models import Award, Draw, Prize
from raffles.draws.notices import (
    AwardClaimed,
    AwardLost,
    AwardPassedOn,
    DrawFact,
    DrawHeld,
    DrawTroubled,
    EntriesWait,
)
from raffles.sales.money import format_money

Kind = StaffNotification.Kind
LONGEST = 500
# By the word on the draw; its page says what to do.
TROUBLES: dict[str, Promise] = {
    "entries": gettext_lazy("what is sold is not what was frozen"),
    "terms": gettext_lazy("what is on sale is not what the rule says"),
    "rule": gettext_lazy("the published rule was changed"),
    "salts": gettext_lazy("the key of its entries cannot be read"),
    "secret": gettext_lazy("its secret cannot be read"),
    "beacon": gettext_lazy("the round of the beacon is missing"),
    "results": gettext_lazy("nobody has typed the results yet"),
}


def hear(fact: DrawFact) -> None:
    """What is not named here needs nobody: it went as it should."""
    with override(settings.LANGUAGE_CODE):
        match fact:
            case EntriesWait(draw, undecided, at):
                _put(Kind.ENTRIES_WAIT, draw, f"{at:%Y-%m-%dT%H}", _waits(undecided), at)
            case DrawTroubled(draw, what, at):
                _put(Kind.DRAW_TROUBLED, draw, f"{what}:{at.timestamp():.0f}", _stopped(what), at)
            case DrawHeld(draw):
                _put(Kind.DRAW_HELD, draw, "held", _won(draw), draw.drawn_at)
            case AwardClaimed(award):
                _put(Kind.AWARD_CLAIMED, award.draw, f"award:{award.pk}", _claimed(award), award.claimed_at)
            case AwardPassedOn(award, lost):
                _put(Kind.AWARD_LOST, award.draw, f"award:{lost.pk}", _passed_on(lost), lost.lost_at)
            case AwardLost(award):
                _put(Kind.AWARD_LOST, award.draw, f"award:{award.pk}", _lost(award), award.lost_at)


def _put(kind: Kind, draw: Draw, about: str, text: str, at: datetime | None) -> None:
    """Heard twice, also after somebody has looked, it is one."""
    subject = f"draw:{draw.pk}:{about}"
    if at is None or StaffNotification.objects.filter(kind=kind, subject=subject).exists():
        return
    note = StaffNotification(kind=kind, draw=draw, subject=subject, text=text[:LONGEST], created_at=at)
    StaffNotification.objects.bulk_create([note], ignore_conflicts=True)
    alerts.wake()


def _waits(undecided: int) -> str:
    words = ngettext(
        "Sales are over, %(count)d order is undecided: decide it, or exclude it on the draw's page.",
        "Sales are over, %(count)d orders are undecided: decide them, or exclude them on the draw's page.",
        undecided,
    )
    return words % {"count": undecided}


def _stopped(what: str) -> str:
    why = TROUBLES.get(what, _("something unexpected stops it"))
    return _("The draw cannot go on: %(why)s. Its page says what to do.") % {"why": why}


def _won(draw: Draw) -> str:
    """Which prizes and of how much; a prize that found no winner is not counted."""
    won: dict[Prize, int] = {}
    for award in draw.awards.select_related("prize").order_by("prize__rank", "unit"):
        won[award.prize] = won.get(award.prize, 0) + 1
    if not won:
        return _("Nobody has won: no paid number was left.")
    return _("Prizes to hand over: %(prizes)s") % {
        "prizes": "; ".join(_named(prize, count) for prize, count in won.items())
    }


def _named(prize: Prize, count: int = 1) -> str:
    many = f" × {count}" if count > 1 else ""
    if prize.amount_minor is None:
        return f"{prize.rank}. {prize.label}{many}"
    return f"{prize.rank}. {prize.label}{many} ({_amount(prize)})"


def _amount(prize: Prize) -> str:
    return format_money(prize.amount_minor or 0, prize.currency, settings.LANGUAGE_CODE)


def _claimed(award: Award) -> str:
    return _("The winner of %(prize)s has come forward: hand it over.") % {"prize": _named(award.prize)}


def _passed_on(lost: Award) -> str:
    told = {"prize": _named(lost.prize), "why": lost.get_lost_why_display()}
    return _("%(prize)s was lost (%(why)s) and went to the next reserve.") % told


def _lost(award: Award) -> str:
    told = {"prize": _named(award.prize), "why": award.get_lost_why_display()}
    return _("%(prize)s was lost (%(why)s) and nobody else gets it.") % told
