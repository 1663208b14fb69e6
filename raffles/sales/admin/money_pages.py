"""The page behind each button that moves money outside an order; it ends in words, never in an error page."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from raffles.sales.admin.money_steps import MoneyForm, MoneyStep
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import told_to
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal
from raffles.sales.rights import require_decision
from raffles.sales.sight import seen_by


def step_urls(page: ModelPage[Any], steps: tuple[MoneyStep, ...]) -> list[URLPattern]:
    name = page.opts.model_name
    return [
        path(
            f"<int:row_id>/{step.name}/",
            page.admin_site.admin_view(partial(_step_view, page, step)),
            name=f"sales_{name}_{step.name}",
        )
        for step in steps
    ]


def step_buttons(row: Model, user: Any, steps: tuple[MoneyStep, ...]) -> SafeString | str:
    open_ones = [step for step in steps if step.is_permitted(user) and step.is_open_for(row)]
    return format_html_join(
        " ",
        '<a class="btn btn-outline-{}" href="{}">{}</a>',
        [(step.tone, _address(row, step), step.label) for step in open_ones],
    )


def _address(row: Model, step: MoneyStep) -> str:
    return reverse(f"admin:sales_{row._meta.model_name}_{step.name}", args=(row.pk,))


def _step_view(page: ModelPage[Any], step: MoneyStep, request: HttpRequest, row_id: int) -> HttpResponse:
    require_decision(request.user, f"sales.{step.permission}")
    if not page.has_view_permission(request):
        raise PermissionDenied
    row = seen_by(request.user, page.model._default_manager.filter(pk=row_id)).first()
    if row is None:
        raise Http404
    if not step.is_open_for(row):
        messages.error(request, _("someone did this already, or there is nothing to do"))
        return HttpResponseRedirect(page_url(row))
    if request.method != "POST":
        return _ask(page, request, row, step, step.form(row=row))
    form = step.form(request.POST, request.FILES, row=row)
    if not form.is_valid():
        return _ask(page, request, row, step, form)
    try:
        with transaction.atomic():
            if form.is_stale():
                return _ask_again(page, request, row, step)
            step.act(row, form.cleaned_data, cast(User, request.user), timezone.now())
    except Refusal as refusal:
        messages.error(request, f"{row}: {told_to(request.user, refusal, currency=form.currency())}")
        return _ask(page, request, row, step, form)
    messages.success(request, f"{row}: {step.done}")
    return HttpResponseRedirect(page_url(row))


def _ask_again(page: ModelPage[Any], request: HttpRequest, row: Model, step: MoneyStep) -> HttpResponse:
    messages.warning(
        request, _("Something changed while you were looking. Nothing was done: look again, then decide.")
    )
    answers = request.POST.copy()
    answers["seen"] = step.form(row=row).fields["seen"].initial
    return _ask(page, request, row, step, step.form(answers, row=row))


def _ask(
    page: ModelPage[Any], request: HttpRequest, row: Model, step: MoneyStep, form: MoneyForm
) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{step.label}: {row}",
        "row": row,
        "back": page_url(row),
        "step": step,
        "form": form,
    }
    return TemplateResponse(request, "admin/sales/money_step.html", context)
