from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from raffles.draws.models import Draw
from raffles.draws.queries import coming_draws, count_winners, missed_draws
from raffles.numbers.queries import sold_by_raffle
from raffles.pages.answers import answered_before, as_json, page, public, tag_of
from raffles.pages.board import asked_number
from raffles.pages.cards import prizes_of
from raffles.pages.checking import check_words, trusted_chains
from raffles.pages.draw_facts import DrawFacts, answer_for, reserves_of, steps_of, winners_of
from raffles.pages.finding import public_draw
from raffles.pages.paging import page_of
from raffles.pages.views.mishaps import gone
from raffles.pages.wording import all_winners, entries_in_words, rule_in_words, state_in_words

MOST_COMING = 100
WINNERS_A_PAGE = 100


@public
def coming(request: HttpRequest) -> HttpResponse:
    draws = list(coming_draws().filter(raffle__isnull=False).select_related("raffle")[:MOST_COMING])
    paid = sold_by_raffle([draw.raffle for draw in draws])
    rows = [
        (
            DrawFacts(draw, draw.raffle),
            state_in_words(draw),
            entries_in_words(draw, paid.get(draw.raffle.pk, 0)),
        )
        for draw in draws
    ]
    missed = missed_draws(timezone.now()).filter(raffle__isnull=False).select_related("raffle")[:MOST_COMING]
    context = {"rows": rows, "missed": [DrawFacts(draw, draw.raffle) for draw in missed]}
    return page(request, "pages/draws.html", context)


@public
def draw(request: HttpRequest, code: str) -> HttpResponse:
    found, raffle = public_draw(code)
    facts = DrawFacts(found, raffle)
    asked = request.GET.get("number", "").strip()
    leaf = page_of(
        range(count_winners([found]).get(found.pk, 0)), request.GET.get("page", "1"), WINNERS_A_PAGE
    )
    prizes = prizes_of(found)
    context: dict[str, Any] = {
        "draw": found,
        "raffle": raffle,
        "facts": facts,
        "state": state_in_words(found),
        "rule": rule_in_words(found),
        "prizes": prizes,
        "winners": winners_of(found, raffle, first=(leaf.number - 1) * WINNERS_A_PAGE, most=WINNERS_A_PAGE),
        "leaf": leaf,
        "all_winners": all_winners(leaf.paginator.count),
        "reserves": reserves_of(found, raffle, sum(prize.quantity for prize in prizes)),
        "answer": answer_for(facts, asked_number(raffle, asked)) if asked else None,
        "chains": trusted_chains(),
        "check_words": check_words(),
    }
    return page(request, "pages/draw.html", context)


@public
def ceremony(request: HttpRequest, code: str) -> HttpResponse:
    found, raffle = public_draw(code)
    if found.status == Draw.Status.CALLED_OFF:
        return gone(request, gettext("This draw was called off."))
    context = {
        "draw": found,
        "raffle": raffle,
        "facts": DrawFacts(found, raffle),
        "prizes": prizes_of(found),
        "prize_words": gettext("Prize %(rank)s"),
    }
    return page(request, "pages/ceremony.html", context)


@public
def steps(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the screen in the hall asks for again and again."""
    found, raffle = public_draw(code)
    document = steps_of(DrawFacts(found, raffle))
    return answered_before(request, tag_of(document)) or as_json(document)
