"""What staff may switch at the number: one table, a page to confirm each, words at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import page_url
from whatsapp import outbox, switch
from whatsapp.admin.trail import note_switch
from whatsapp.models import BusinessNumber

PERMISSION = "whatsapp.pause_sending"


class ReasonForm(forms.Form):
    """Whoever resumes must know why it was paused."""

    reason = forms.CharField(label=_("reason"), max_length=255)


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    label: Promise
    explanation: Promise
    tone: str
    fields: type[forms.Form] = forms.Form
    is_open: Callable[[BusinessNumber], bool]
    # False: somebody else was faster.
    act: Callable[[dict[str, Any], User, datetime], bool]
    done: Promise


def _pause(given: dict[str, Any], by: User, now: datetime) -> bool:
    return switch.pause(by=str(by), reason=given["reason"], now=now)


STEPS = (
    Step(
        name="pause",
        label=_("Pause sending"),
        explanation=_(
            "Nothing leaves from now on. What is queued stays queued, players can go on writing, and their"
            " answers leave once sending is resumed."
        ),
        tone="danger",
        fields=ReasonForm,
        is_open=lambda number: number.paused_at is None,
        act=_pause,
        done=_("Sending is paused."),
    ),
    Step(
        name="resume",
        label=_("Resume sending"),
        explanation=_(
            "What is queued leaves at Meta's pace, in its order; what is out of date by now is dropped with"
            " its reason."
        ),
        tone="success",
        is_open=lambda number: number.paused_at is not None,
        act=lambda given, by, now: switch.resume(now=now),
        done=_("Sending is resumed."),
    ),
    Step(
        name="allow_templates",
        label=_("Allow templates again"),
        explanation=_(
            "Notices go out as templates again. Do this only after the wrong category has been mended at"
            " Meta: repeated, it blocks the account."
        ),
        tone="warning",
        is_open=lambda number: number.templates_paused_at is not None,
        act=lambda given, by, now: switch.allow_templates(),
        done=_("Templates may leave again."),
    ),
)


def step_urls(page: ModelPage[BusinessNumber]) -> list[URLPattern]:
    return [
        path(
            f"<int:number_id>/{step.name}/",
            page.admin_site.admin_view(partial(_step_view, page, step)),
            name=f"whatsapp_businessnumber_{step.name}",
        )
        for step in STEPS
    ]


def open_steps(number: BusinessNumber, user: Any) -> list[dict[str, Any]]:
    if not user.has_perm(PERMISSION):
        return []
    return [
        {"label": step.label, "tone": step.tone, "url": _address(step, number)}
        for step in STEPS
        if step.is_open(number)
    ]


def _address(step: Step, number: BusinessNumber) -> str:
    return reverse(f"admin:whatsapp_businessnumber_{step.name}", args=(number.pk,))


def _step_view(
    page: ModelPage[BusinessNumber], step: Step, request: HttpRequest, number_id: int
) -> HttpResponse:
    if not (request.user.has_perm(PERMISSION) and page.has_view_permission(request)):
        raise PermissionDenied
    number = page.get_queryset(request).filter(pk=number_id).first()
    if number is None:
        raise Http404
    form = step.fields(request.POST if request.method == "POST" else None)
    if step.is_open(number) and not form.is_valid():
        return _ask(page, request, number, step, form)
    if step.is_open(number) and _done(step, number, form.cleaned_data, cast(User, request.user)):
        _tell(page, request, number, step, form.cleaned_data.get("reason", ""))
    else:
        messages.error(request, _("someone did this already, or there is nothing to do"))
    return HttpResponseRedirect(page_url(number))


def _done(step: Step, number: BusinessNumber, given: dict[str, Any], by: User) -> bool:
    with transaction.atomic():
        is_done = step.act(given, by, timezone.now())
        if is_done:
            note_switch(number, step.name, given.get("reason", ""), user=by)
    return is_done


def _tell(
    page: ModelPage[BusinessNumber], request: HttpRequest, number: BusinessNumber, step: Step, reason: str
) -> None:
    page.log_change(request, number, f"{step.label}: {reason}" if reason else str(step.label))
    messages.success(request, str(step.done))
    transaction.on_commit(outbox.wake)


def _ask(
    page: ModelPage[BusinessNumber],
    request: HttpRequest,
    number: BusinessNumber,
    step: Step,
    form: forms.Form,
) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": step.label,
        "row": number,
        "back": page_url(number),
        "step": step,
        "form": form,
    }
    return TemplateResponse(request, "admin/sales/money_step.html", context)
