from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_skeleton
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from raffles.draws.models import Draw
from raffles.draws.queries import count_winners, past_draws
from raffles.pages.answers import page, public
from raffles.pages.draw_facts import DrawFacts, Winner, winners_of
from raffles.pages.paging import page_of
from raffles.pages.times import locale
from raffles.pages.wording import more_winners

PER_PAGE = 10
SHOWN_WINNERS = 20
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Month:
    first: date

    @property
    def value(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return str(format_skeleton("yMMMM", self.first, locale=locale()))


@dataclass(frozen=True)
class Result:
    """The first winners, and how many more its own page has."""

    facts: DrawFacts
    winners: list[Winner]
    more: str


@public
def results(request: HttpRequest) -> HttpResponse:
    text, month = _text_of(request.GET.get("q", "")), request.GET.get("month", "")
    past = past_draws().filter(raffle__isnull=False)
    rows = _narrowed(past, text, month).select_related("raffle")
    shown = page_of(rows, request.GET.get("page", "1"), PER_PAGE)
    context = {
        "rows": _results_of(list(shown)),
        "shown": shown,
        "text": text,
        "month": month,
        "months": [Month(first) for first in past.dates("over_at", "month", order="DESC")],
    }
    return page(request, "pages/results.html", context)


def _results_of(draws: list[Draw]) -> list[Result]:
    counts = count_winners(draws)
    return [
        Result(
            DrawFacts(draw, draw.raffle),
            winners_of(draw, draw.raffle, most=SHOWN_WINNERS),
            more_winners(counts.get(draw.pk, 0) - SHOWN_WINNERS),
        )
        for draw in draws
    ]


def _text_of(raw: str) -> str:
    return raw.replace("\x00", "").strip()[:LONGEST_SEARCH]


def _narrowed(past: QuerySet[Draw], text: str, month: str) -> QuerySet[Draw]:
    if text:
        past = past.filter(Q(code__icontains=text) | Q(raffle__title__icontains=text))
    if month:
        begins, ends = _span_of(month)
        past = past.filter(Q(over_at__gte=begins, over_at__lt=ends))
    return past


def _span_of(month: str) -> tuple[datetime, datetime]:
    """A month of the site's own clock. Raises BadRequest."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", month, flags=re.ASCII)
    if found is None:
        raise BadRequest("month")
    year, number = int(found[1]), int(found[2])
    zone = timezone.get_current_timezone()
    begins = datetime(year, number, 1, tzinfo=zone)
    return begins, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
