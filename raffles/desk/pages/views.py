"""The payment desk at /admin/desk/. Pages for people, fragments and JSON for the page's own script."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, TypeAlias, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from raffles.desk.actions import leave_card, open_card, take_over_card, undo_verdict
from raffles.desk.pages.card import card_of
from raffles.desk.pages.deciding import decide, is_permitted, why_only_looks
from raffles.desk.pages.rows import Queue, queue_of
from raffles.desk.pages.verdicts import shown_verdict, verdicts_of
from raffles.desk.words import refusal_in_words
from raffles.sales.errors import Refusal
from raffles.sales.models import Order
from raffles.sales.sight import orders_seen_by

View: TypeAlias = Callable[..., HttpResponse]


def for_reviewers(view: View) -> View:
    """Whoever may look at orders and at what players sent; each decision asks for its own right besides."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not request.user.has_perms(("sales.view_order", "sales.view_paymentproof")):
            raise PermissionDenied
        if "order_id" in named and not orders_seen_by(request.user).filter(pk=named["order_id"]).exists():
            raise Http404
        response = view(request, *args, **named)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return cast(View, admin.site.admin_view(guarded))


@for_reviewers
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    found = _queue(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Payment desk"),
        "queue": _listed(found),
        "waiting": found.waiting,
        "sort": _sort(request),
    }
    return TemplateResponse(request, "desk/desk.html", context)


@for_reviewers
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds by every open desk: the same answer again costs no bytes."""
    now, found = timezone.now(), _queue(request)
    mine = [shown_verdict(one, now) for one in verdicts_of(_user(request), now)]
    told = {"html": _listed(found), "waiting": found.waiting, "mine": mine}
    tag = _tag(told)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return JsonResponse(told, headers={"ETag": tag})


def _tag(told: dict[str, Any]) -> str:
    """Of everything but the time that is left to undo: that moves while nothing else does."""
    still = [{name: value for name, value in one.items() if name != "left"} for one in told["mine"]]
    return f'"{sha256(repr({**told, "mine": still}).encode()).hexdigest()[:32]}"'


def _queue(request: HttpRequest) -> Queue:
    return queue_of(user=_user(request), now=timezone.now(), by_risk=_sort(request) == "risk")


def _listed(found: Queue) -> str:
    return render_to_string("desk/queue.html", {"rows": found.rows, "unlisted": found.unlisted})


def _sort(request: HttpRequest) -> str:
    return "risk" if request.GET.get("sort") == "risk" else "time"


@for_reviewers
@require_GET
def card(request: HttpRequest, order_id: int) -> HttpResponse:
    """To look at, without taking it: also how the next one is loaded ahead."""
    return _card(request, order_id)


@for_reviewers
@require_POST
def open_(request: HttpRequest, order_id: int) -> HttpResponse:
    return _try(
        request, order_id, lambda: open_card(order_id=order_id, by=_user(request), now=timezone.now())
    )


@for_reviewers
@require_POST
def take_over(request: HttpRequest, order_id: int) -> HttpResponse:
    whose = request.POST.get("from", "")
    if not (whose.isascii() and whose.isdigit() and len(whose) < 19):
        raise Http404
    return _try(
        request,
        order_id,
        lambda: take_over_card(
            order_id=order_id, from_user_id=int(whose), by=_user(request), now=timezone.now()
        ),
    )


@for_reviewers
@require_POST
def leave(request: HttpRequest, order_id: int) -> HttpResponse:
    return JsonResponse({"left": leave_card(order_id=order_id, by=_user(request))})


def _try(request: HttpRequest, order_id: int, take: Callable[[], object]) -> HttpResponse:
    """The card as it is now, whether or not it is the reviewer's.

    Who may decide nothing takes none: it would only be kept from those who may.
    """
    if why_only_looks(_user(request)):
        return _card(request, order_id)
    try:
        take()
    except Refusal as refusal:
        return _card(request, order_id, refused=refusal_in_words(refusal))
    return _card(request, order_id)


def _card(request: HttpRequest, order_id: int, *, refused: str = "") -> HttpResponse:
    context = card_of(_order(order_id), user=_user(request), now=timezone.now())
    html = render_to_string("desk/card.html", {**context, "refused": refused}, request=request)
    return JsonResponse(
        {"html": html, "seen": context["seen"], "mine": context["is_mine"], "code": context["order"].code}
    )


@for_reviewers
@require_POST
def decision(request: HttpRequest, order_id: int) -> HttpResponse:
    kind, user = request.POST.get("kind", ""), _user(request)
    order = _order(order_id)
    if not is_permitted(kind, user):
        raise PermissionDenied
    now = timezone.now()
    answer = decide(order, kind, request.POST, user=user, now=now)
    if answer.verdict is not None:
        return JsonResponse({"verdict": shown_verdict(answer.verdict, now)})
    told = {name: value for name, value in vars(answer).items() if name != "verdict"}
    return JsonResponse(told, status=200 if answer.told else 409 if answer.refused else 422)


@for_reviewers
@require_POST
def undo(request: HttpRequest, verdict_id: int) -> HttpResponse:
    try:
        undone = undo_verdict(verdict_id=verdict_id, by=_user(request), now=timezone.now())
    except Refusal as refusal:
        return JsonResponse({"refused": refusal_in_words(refusal)}, status=409)
    return JsonResponse({"order": undone.order_id})


def _order(order_id: int) -> Order:
    order = Order.objects.select_related("player").filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
