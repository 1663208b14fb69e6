from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from raffles.draws.queries import coming_draws
from raffles.numbers.queries import raffles_on_sale
from raffles.pages.answers import answered_before, as_json, page, public, tag_of
from raffles.pages.board import asked_number, board_of
from raffles.pages.cards import Card, prizes_of, state_of
from raffles.pages.chat import link_for, square_for, words_for
from raffles.pages.finding import draw_of, public_raffle
from raffles.pages.times import Moment
from raffles.pages.wording import board_words, rule_in_short

SHOWN_DRAWS = 5


@public
def home(request: HttpRequest) -> HttpResponse:
    open_now = raffles_on_sale(timezone.now())
    coming = coming_draws().filter(raffle__isnull=False).select_related("raffle")
    context = {
        "cards": [Card(raffle, raffle.size - raffle.free) for raffle in open_now],
        "coming": [
            (draw, Moment(draw.draws_at, draw.raffle.time_zone))
            for draw in coming[:SHOWN_DRAWS]
            if draw.draws_at is not None
        ],
    }
    return page(request, "pages/home.html", context)


@public
def raffle(request: HttpRequest, code: str) -> HttpResponse:
    found, now = public_raffle(code), timezone.now()
    asked = request.GET.get("number", "")
    board = board_of(found, asked_number(found, asked))
    draw = draw_of(found)
    here = reverse("pages:raffle", args=[found.code])
    context = {
        "raffle": found,
        "card": Card(found, board.stock.sold + board.stock.reserved),
        "board": board,
        "asked": asked_number(found, asked) if asked.strip() else None,
        "state": state_of(found, now),
        "is_on_sale": found.is_on_sale(now),
        "closes_at": Moment(found.sales_close_at, found.time_zone),
        "opens_at": Moment(found.sales_open_at, found.time_zone) if now < found.sales_open_at else None,
        "draw": draw,
        "rule": rule_in_short(draw) if draw else [],
        "prizes": prizes_of(draw) if draw else [],
        "chat": link_for(found.code) if found.is_on_sale(now) else "",
        "words": board_words(found),
        "chat_words": words_for(found.code),
        "square": square_for(found.code, here=settings.SITE_URL + here),
    }
    return page(request, "pages/raffle.html", context)


@public
def board(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a page that is open asks for again and again: a letter for each number, and how many are left."""
    found = public_raffle(code)
    shown = board_of(found, asked_number(found, request.GET.get("number", "")))
    document = shown.compact(timezone.now())
    return answered_before(request, tag_of(document)) or as_json(document)
