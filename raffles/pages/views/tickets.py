from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from raffles.draws.entries import receipt_of
from raffles.draws.errors import NotAnEntry, RecordChanged
from raffles.draws.published import receipt_document
from raffles.pages.answers import NEVER_KEPT, as_json, page, public
from raffles.pages.checking import receipt_words
from raffles.pages.guessing import SECONDS, count_wrong, is_barred
from raffles.pages.ticket_facts import TicketFacts, is_code, order_by_code, ticket_facts
from raffles.pages.views.mishaps import not_now, too_many

MOST_LETTERS = 40


@public
def ask(request: HttpRequest) -> HttpResponse:
    """A form; what was typed into it leads to the ticket's own address."""
    typed = request.GET.get("code", "").strip().upper()[:MOST_LETTERS]
    if is_code(typed):
        return redirect("pages:ticket", code=typed)
    return page(request, "pages/ask.html", {"typed": typed})


@public
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    if is_barred(request):
        return _private(too_many(request, SECONDS))
    facts = _facts(request, code)
    has_receipts = any(each.receipt for each in facts.numbers)
    context = {"facts": facts, "has_receipts": has_receipts, "check_words": receipt_words()}
    return _private(page(request, "pages/ticket.html", context))


@public
def receipt(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    if is_barred(request):
        return _private(too_many(request, SECONDS))
    facts = _facts(request, code)
    if facts.draw is None or number not in [each.number for each in facts.numbers if each.receipt]:
        raise Http404("receipt")
    try:
        found = receipt_of(facts.draw, number)
    except NotAnEntry:
        raise Http404("receipt") from None
    except RecordChanged:
        return _private(not_now(request, gettext("This receipt cannot be made at the moment.")))
    response = as_json(receipt_document(found, facts.order.code))
    name = f"{facts.raffle.code}-{facts.raffle.label(number)}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _facts(request: HttpRequest, code: str) -> TicketFacts:
    order = order_by_code(code)
    facts = ticket_facts(order) if order else None
    if facts is None:
        if is_code(code):
            count_wrong(request)
        raise Http404("order")
    return facts


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = NEVER_KEPT
    response.headers["X-Robots-Tag"] = "noindex"
    return response
