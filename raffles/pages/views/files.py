"""What is not a page: pictures, previews, the proof of a draw and the program that checks it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext

from raffles import draws
from raffles.draws.models import Draw
from raffles.draws.published import pieces_of, tag_of_proof
from raffles.draws.queries import winning_numbers
from raffles.numbers.queries import availability
from raffles.pages.answers import AGAIN_EACH_TIME, answered_before, public, tag_of
from raffles.pages.cards import Card
from raffles.pages.draw_facts import DrawFacts
from raffles.pages.finding import public_draw, public_raffle
from raffles.pages.pictures import NoPicture, jpeg_of
from raffles.pages.previews import Preview, drawn, fits_main
from raffles.pages.times import grouped
from raffles.pages.wording import state_in_words

PROGRAM = Path(draws.__file__ or "").parent / "verify_draw.py"
# More than so many entries leave page by page.
MOST_AT_ONCE = 10_000
MOST_NAMED = 10
SEALED = "default-src 'none'; sandbox"
A_DAY = "public, max-age=86400"
A_MINUTE = "public, max-age=60"
AN_HOUR = "public, max-age=3600"
WAYS = "User-agent: *\nDisallow: /admin/\nDisallow: /api/\nDisallow: /simulator/\nDisallow: /t/\n"


@public
def picture(request: HttpRequest, code: str) -> HttpResponseBase:
    return _picture(request, public_raffle(code).image)


@public
def prize_picture(request: HttpRequest, code: str, rank: int) -> HttpResponseBase:
    draw, _raffle = public_draw(code)
    prize = draw.prizes.filter(rank=rank).first()
    if prize is None:
        raise Http404("prize")
    return _picture(request, prize.picture)


@public
def raffle_preview(request: HttpRequest, code: str) -> HttpResponseBase:
    raffle = public_raffle(code)
    stock = availability(raffle)
    card = Card(raffle, stock.sold + stock.reserved)
    each = gettext("%(price)s a number") % {"price": card.price}
    when = gettext("Draw: %(when)s") % {"when": card.draw_at.text}
    return _preview(request, Preview(raffle.code, raffle.title, each, card.stock, when, card.share))


@public
def draw_preview(request: HttpRequest, code: str) -> HttpResponseBase:
    draw, raffle = public_draw(code)
    facts = DrawFacts(draw, raffle)
    labels = raffle.labels(winning_numbers(draw)) if draw.status == Draw.Status.DRAWN else ()
    main = _winning(labels) if labels else facts.draws_at.day
    when = gettext("Draw: %(when)s") % {"when": facts.draws_at.text}
    return _preview(request, Preview(draw.code, raffle.title, main, state_in_words(draw), when))


@public
def proof(request: HttpRequest, code: str) -> HttpResponseBase:
    """Made once for whoever does not have it: of a large draw it holds every number."""
    draw, _raffle = public_draw(code)
    known = answered_before(request, tag_of_proof(draw))
    if known is not None:
        return known
    is_large = (draw.entry_count or 0) > MOST_AT_ONCE
    made: type[HttpResponse | StreamingHttpResponse] = StreamingHttpResponse if is_large else HttpResponse
    kept = AN_HOUR if draw.status == Draw.Status.DRAWN else AGAIN_EACH_TIME
    headers = {"ETag": tag_of_proof(draw), "Cache-Control": kept}
    return made(pieces_of(draw), content_type="application/json", headers=headers)


@public
def program(request: HttpRequest) -> HttpResponse:
    """The one file that checks a proof with nothing but Python."""
    if not PROGRAM.is_file():
        raise Http404("program")
    response = HttpResponse(PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WAYS, content_type="text/plain", headers={"Cache-Control": A_DAY})


@public
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": static("pages/icon.svg"), "Cache-Control": A_DAY})


def _winning(labels: Sequence[str]) -> str:
    """As many as there is place for, and how many more there are."""
    shortest = _winning_first(1, labels)
    longer = (_winning_first(shown, labels) for shown in range(min(len(labels), MOST_NAMED), 1, -1))
    return next((said for said in longer if fits_main(said)), shortest)


def _winning_first(shown: int, labels: Sequence[str]) -> str:
    numbers, more = ", ".join(labels[:shown]), len(labels) - shown
    if not more:
        return gettext("Winning numbers: %(numbers)s") % {"numbers": numbers}
    return ngettext(
        "Winning numbers: %(numbers)s and %(count)s more",
        "Winning numbers: %(numbers)s and %(count)s more",
        more,
    ) % {"numbers": numbers, "count": grouped(more)}


def _picture(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    known = answered_before(request, tag_of(file.name))
    if known is not None:
        return known
    try:
        content = jpeg_of(file)
    except NoPicture:
        raise Http404("picture") from None
    return _image(content, "image/jpeg", tag_of(file.name), A_DAY)


def _preview(request: HttpRequest, preview: Preview) -> HttpResponseBase:
    tag = tag_of(get_language(), *preview.facts)
    known = answered_before(request, tag)
    return known if known is not None else _image(drawn(preview), "image/png", tag, A_MINUTE)


def _image(content: bytes, content_type: str, tag: str, kept: str) -> HttpResponse:
    headers = {
        "Content-Security-Policy": SEALED,
        "Cache-Control": kept,
        "ETag": tag,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
