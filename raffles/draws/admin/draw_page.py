"""What the page of a draw shows: where it stands, what is to be done, and all that was published of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from raffles.draws.admin import additions
from raffles.draws.admin.coverage_panel import Plan, panel_of
from raffles.draws.admin.draw_steps import FALLBACKS, STEPS, fallback_at, is_due, is_over
from raffles.draws.admin.picture_step import PICTURE
from raffles.draws.admin.results import newest_words, words_so_far
from raffles.draws.admin.showing import (
    at_home,
    award_badge,
    draw_badge,
    joined,
    labelled,
    prize_amount,
    prize_line,
    trouble_of,
)
from raffles.draws.admin.steps import buttons
from raffles.draws.awarding import units
from raffles.draws.beacon import time_of
from raffles.draws.models import Award, Draw, Prize
from raffles.draws.ruling import chain_of
from raffles.draws.subjects import Terms, subject_of
from raffles.sales.admin.additions import Related
from raffles.sales.admin.showing import badge, moment, page_url
from raffles.sales.models import Order
from raffles.sales.rights import may_decide

Status, Method = Draw.Status, Draw.Method
MOST_ORDERS = 200

Fact = tuple[str, object]


@dataclass(frozen=True)
class Waiting:
    """An order that keeps the entries from being frozen."""

    code: str
    numbers: str
    url: str
    exclude_url: str


@dataclass(frozen=True)
class Place:
    """One of the sequence: what it won, and what became of that for who may see it."""

    number: str
    what: str
    badge: SafeString | str = ""
    url: str = ""


def context_of(draw: Draw, user: Any, now: datetime) -> dict[str, Any]:
    terms = subject_of(draw).terms(draw)
    offer = additions.offers([draw]).get(draw.pk)
    return {
        "draw": draw,
        "offer_title": offer.title if offer else terms.title,
        "status": draw_badge(draw, now),
        "trouble": trouble_of(draw),
        "sentence": sentence_of(draw, now),
        "buttons": buttons(STEPS, draw, user, now),
        "links": [*_papers(draw, user), *additions.links_of(draw, user, now)],
        "facts": list(facts_of(draw, terms)),
        "prizes": [_prize_line(prize) for prize in draw.prizes.order_by("rank")],
        "panel": panel_of(Plan.of(draw), terms)
        if draw.status in {Status.PLANNED, Status.COMMITTED}
        else None,
        "waiting": waiting_of(draw, terms, user) if is_over(draw, now) else [],
        "beacon": beacon_of(draw, now),
        "typing": typing_of(draw, user),
        "places": list(places_of(draw, terms, user)),
        "exclusions": _exclusions(draw, terms),
        "rules": draw.rules.select_related("by").order_by("-version"),
    }


def _papers(draw: Draw, user: Any) -> Iterator[Related]:
    """What others see of it, and the minutes, which are issued anew with each look and noted in the log."""
    if draw.status != Status.PLANNED:
        yield Related(_("Public page"), reverse("pages:draw", args=(draw.code,)))
    if draw.status != Status.PLANNED and may_decide(user, PICTURE.permission):
        yield Related(str(PICTURE.label), PICTURE.address(draw))
    if draw.status == Status.DRAWN and may_decide(user, "draws.issue_minutes"):
        yield Related(_("Minutes (PDF)"), reverse("draws:minutes_pdf", args=(draw.pk,)))
        yield Related(_("Minutes (JSON)"), reverse("draws:minutes_json", args=(draw.pk,)))


def sentence_of(draw: Draw, now: datetime) -> str:
    """What happens next, and by whom."""
    match draw.status:
        case Status.PLANNED:
            return _("The rule is published with the opening of the sales.")
        case Status.COMMITTED if is_over(draw, now):
            return _("Sales are over. The paid numbers are frozen by themselves once no order is undecided.")
        case Status.COMMITTED:
            return _("Sales run until %(at)s; then the paid numbers are frozen.") % {
                "at": moment(draw.closes_at)
            }
        case Status.CLOSED:
            return _of_closed(draw, now)
        case Status.DRAWN:
            return _("The result is final.")
    return _("There will be no draw: %(reason)s") % {"reason": draw.called_off_reason}


def _of_closed(draw: Draw, now: datetime) -> str:
    if not is_due(draw, now):
        return _("The entries are frozen. At %(at)s the draw is held by itself.") % {"at": moment(draw.base)}
    coming = fallback_at(draw)
    if draw.is_typed and draw.typed is None:
        return _("The draw waits for two people to type what came out.")
    if coming is None:
        return _("Everything is here: the draw is held by itself within a minute.")
    told = {"what": FALLBACKS[Draw.Fallback(coming[0])], "at": moment(coming[1])}
    if now >= coming[1]:
        return _("%(what)s. The fallback of the rule can be used now.") % told
    return _("%(what)s. The rule has a fallback, from %(at)s on.") % told


def facts_of_plan(terms: Terms) -> list[Fact]:
    return [
        (_("Numbers"), f"{labelled(terms.first, terms.width)}–{labelled(terms.last, terms.width)}"),
        (_("Sales close"), at_home(terms.closes_at, terms.time_zone)),
        (_("Draw"), at_home(terms.draws_at, terms.time_zone)),
    ]


def facts_of(draw: Draw, terms: Terms) -> Iterator[Fact]:
    yield _("Method"), draw.get_method_display()
    yield from facts_of_plan(terms)
    if draw.method == Method.LOTTERY:
        yield _("Lottery"), f"{draw.lottery_name}, {draw.lottery_drawing}"
        told = {"results": draw.lottery_results, "digits": draw.lottery_digits}
        yield _("Counts"), _("%(results)d results, last %(digits)d digits of each") % told
    yield _("Reserves"), draw.reserves
    yield _("Not claimed"), draw.get_redraw_display()
    yield _("Days to claim"), draw.claim_days
    if draw.closed_at is not None:
        yield _("Entries"), draw.entry_count
        yield _("Frozen"), at_home(draw.closed_at, terms.time_zone)
        yield _("Root"), draw.root
    if draw.fallback:
        yield _("Fallback"), draw.get_fallback_display()
    if draw.drawn_at is not None:
        yield _("Drawn"), at_home(draw.drawn_at, terms.time_zone)
    if draw.seed:
        yield _("Seed"), draw.seed


def waiting_of(draw: Draw, terms: Terms, user: Any) -> list[Waiting]:
    may_exclude = may_decide(user, "draws.decide_entries")
    exclude = next(step for step in STEPS if step.name == "exclude").address(draw) if may_exclude else ""
    may_see = user.has_perm("sales.view_order")
    return [
        Waiting(
            code=each.order_code,
            numbers=joined(labelled(number, terms.width) for number in each.numbers),
            url=page_url(Order(pk=each.order_id)) if may_see else "",
            exclude_url=f"{exclude}?order={each.order_id}" if exclude else "",
        )
        for each in subject_of(draw).undecided(draw)[:MOST_ORDERS]
    ]


def beacon_of(draw: Draw, now: datetime) -> dict[str, Any] | None:
    """The round that counts; before the freezing it is not known yet."""
    if draw.method != Method.BEACON or draw.beacon_round is None:
        return None
    chain = chain_of(draw)
    due = time_of(chain, draw.beacon_round)
    states = {True: badge(_("Is here, and true"), "good"), False: badge(_("Is awaited"), "wait")}
    gone = draw.fallback == Draw.Fallback.BEACON_MISSING
    late = badge(_("Is not here"), "bad")
    state = states[True] if draw.beacon_signature else late if gone or now > due else states[False]
    return {
        "round": draw.beacon_round,
        "chain": chain.hash,
        "due": moment(due),
        "state": state,
        # As text to copy: nothing of ours leads a browser elsewhere by itself.
        "addresses": [f"{url}/{chain.hash}/public/{draw.beacon_round}" for url in settings.DRAND_URLS],
        "signature": draw.beacon_signature,
    }


def typing_of(draw: Draw, user: Any) -> dict[str, Any] | None:
    """Until two people have typed the same nobody reads what was typed."""
    if not draw.is_typed or not draw.is_frozen:
        return None
    if draw.typed is None:
        return {"words": list(words_so_far(draw, user)), "values": "", "witnesses": ""}
    by = [_("%(name)s, %(at)s") % {"name": word.by, "at": moment(word.at)} for word in newest_words(draw)]
    return {"words": by, "values": ", ".join(str(one) for one in draw.typed), "witnesses": draw.witnesses}


def places_of(draw: Draw, terms: Terms, user: Any) -> Iterator[Place]:
    won: list[tuple[Prize, int]] = list(units(draw)) if draw.sequence else []
    awards = _awards_by_place(draw) if user.has_perm("draws.view_award") else {}
    for place, number in enumerate(draw.sequence or []):
        award = awards.get(place)
        what = (
            _won(*won[place])
            if place < len(won)
            else _("Reserve %(place)d") % {"place": place - len(won) + 1}
        )
        if award is not None and place >= len(won):
            what = f"{what}: {_won(award.prize, award.unit)}"
        shown = labelled(number, terms.width)
        yield Place(shown, what, award_badge(award), page_url(award)) if award else Place(shown, what)


def _awards_by_place(draw: Draw) -> dict[int, Award]:
    return {award.place: award for award in draw.awards.select_related("prize")}


def _won(prize: Prize, unit: int) -> str:
    return f"{prize.rank}. {prize.label}" + (f" ({unit}/{prize.quantity})" if prize.quantity > 1 else "")


def _prize_line(prize: Prize) -> str:
    amount = prize_amount(prize) if prize.amount_minor is not None else ""
    return f"{prize.rank}. {prize_line(prize.label, prize.quantity, amount)}"


def _exclusions(draw: Draw, terms: Terms) -> list[tuple[str, str, str, str]]:
    return [
        (
            each.order.code,
            joined(labelled(number, terms.width) for number in each.numbers),
            each.reason,
            f"{each.by}, {moment(each.at)}",
        )
        for each in draw.exclusions.select_related("order", "by").order_by("id")
    ]
