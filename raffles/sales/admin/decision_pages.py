"""One order decided by button, many by bulk action. Both end in words, never in an error page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from raffles.sales.admin.additions import glances
from raffles.sales.admin.decisions import CONFIRM, Decision, Outcome, carry_out
from raffles.sales.admin.forms import DecisionForm
from raffles.sales.admin.order_page import shown_proofs
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import list_url, money, page_url
from raffles.sales.lifecycle import locked_order
from raffles.sales.models import Order
from raffles.sales.queries import stamp_of
from raffles.sales.rights import require_decision
from raffles.sales.sight import orders_seen_by

MOST_AT_ONCE = 100


def decide_one(
    page: ModelPage[Order], request: HttpRequest, order_id: int, decision: Decision
) -> HttpResponse:
    require_decision(request.user, f"sales.{decision.permission}")
    if not page.has_view_permission(request):
        raise PermissionDenied
    order = orders_seen_by(request.user).select_related("player").filter(pk=order_id).first()
    if order is None:
        raise Http404
    if not decision.is_open_for(order):
        messages.error(request, _not_open(order))
        return HttpResponseRedirect(page_url(order))
    if request.method != "POST":
        return _ask(page, request, order, decision, decision.form(order=order, user=request.user))
    form = decision.form(request.POST, order=order, user=request.user)
    if not form.is_valid():
        return _ask(page, request, order, decision, form)
    with transaction.atomic():
        # Of two presses at once the second finds what the first has done.
        locked_order(order.pk)
        order.refresh_from_db()
        if form.is_stale():
            return _ask_again(page, request, order, decision)
        return _answer(request, order, carry_out(decision, order, form, _staff(request), timezone.now()))


def decide_many(
    page: ModelPage[Order], request: HttpRequest, orders: QuerySet[Order], decision: Decision
) -> HttpResponse | None:
    chosen = list(orders.select_related("player").order_by("pk")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, _("Choose %(most)d orders at most.") % {"most": MOST_AT_ONCE})
        return None
    form = decision.fields(request.POST if "sure" in request.POST else None)
    if not form.is_valid() and _must_ask(decision, chosen):
        return _ask_many(page, request, chosen, decision, form)
    outcomes = [carry_out(decision, order, form, _staff(request), timezone.now()) for order in chosen]
    _report(request, decision, outcomes)
    return None


def _must_ask(decision: Decision, orders: Sequence[Order]) -> bool:
    """Money that nobody has proved is confirmed in bulk only after a second look."""
    if decision is not CONFIRM:
        return True
    return any(order.status == Order.Status.PENDING_PAYMENT for order in orders)


def _ask(
    page: ModelPage[Order], request: HttpRequest, order: Order, decision: Decision, form: DecisionForm
) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{decision.label}: {order.code}",
        "order": order,
        "amount": money(order.total_minor, order.currency),
        "glance": glances([order])[order.pk],
        "proofs": shown_proofs(order, request.user, timezone.now()),
        "decision": decision,
        "form": form,
    }
    return TemplateResponse(request, "admin/sales/order/decide.html", context)


def _ask_again(
    page: ModelPage[Order], request: HttpRequest, order: Order, decision: Decision
) -> HttpResponse:
    messages.warning(
        request, _("The order changed while you were looking. Nothing was done: look again, then decide.")
    )
    answers = request.POST.copy()
    answers["seen"] = stamp_of(order)
    return _ask(page, request, order, decision, decision.form(answers, order=order, user=request.user))


def _ask_many(
    page: ModelPage[Order],
    request: HttpRequest,
    orders: Sequence[Order],
    decision: Decision,
    form: forms.Form,
) -> HttpResponse:
    found = glances(orders)
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": decision.label,
        "rows": [
            {"order": order, "glance": found[order.pk], "amount": money(order.total_minor, order.currency)}
            for order in orders
        ],
        "decision": decision,
        "form": form,
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
        "back": list_url(Order),
    }
    return TemplateResponse(request, "admin/sales/order/decide_many.html", context)


def _answer(request: HttpRequest, order: Order, outcome: Outcome) -> HttpResponse:
    messages.add_message(request, messages.SUCCESS if outcome.is_done else messages.ERROR, outcome.words)
    return HttpResponseRedirect(page_url(order))


def _report(request: HttpRequest, decision: Decision, outcomes: Sequence[Outcome]) -> None:
    """Such as: 2 confirmed; KX7P3M: not possible, the order is “Expired”."""
    refused = [outcome.words for outcome in outcomes if not outcome.is_done]
    done = len(outcomes) - len(refused)
    level = messages.SUCCESS if not refused else messages.WARNING if done else messages.ERROR
    messages.add_message(request, level, "; ".join([decision.counted % {"count": done}, *refused]))


def _not_open(order: Order) -> str:
    return _("%(code)s: not possible, the order is “%(status)s”") % {
        "code": order.code,
        "status": order.get_status_display(),
    }


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)
