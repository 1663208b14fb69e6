"""A button, the page that asks once more, and words at the end; for draws, prizes and what is above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal
from raffles.sales.rights import may_decide, require_decision

TEMPLATE = "admin/draws/step.html"


class StepForm(forms.Form):
    """Knows what it is about and who is asked."""

    def __init__(self, *args: Any, row: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row, self.user = row, user

    def notes(self) -> Iterable[str]:
        """What to know before answering."""
        return ()


class PublicReasonForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody reads it on the page of the draw, for good. Name nobody in it, and no phone."),
    )


@dataclass(frozen=True, kw_only=True)
class Step:
    """`act` returns what is said once it is done."""

    name: str
    label: Promise
    explanation: Promise
    permission: str
    tone: str
    is_open_for: Callable[[Any, datetime], bool]
    act: Callable[[Any, dict[str, Any], User, datetime], object]
    warning: Promise | str = ""
    form: type[StepForm] = StepForm

    def address(self, row: Model) -> str:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{self.name}"
        return reverse(name, args=(row.pk,))


@dataclass(frozen=True)
class Button:
    label: Promise
    tone: str
    url: str


def step_urls(page: ModelPage[Any], steps: Iterable[Step]) -> list[URLPattern]:
    root = f"{page.opts.app_label}_{page.opts.model_name}"
    return [
        path(
            f"<int:row_id>/{step.name.replace('_', '-')}/",
            page.admin_site.admin_view(partial(answer, page, step)),
            name=f"{root}_{step.name}",
        )
        for step in steps
    ]


def buttons(steps: Iterable[Step], row: Any, user: Any, now: datetime) -> list[Button]:
    return [
        Button(step.label, step.tone, step.address(row))
        for step in steps
        if may_decide(user, step.permission) and step.is_open_for(row, now)
    ]


def answer(page: ModelPage[Any], step: Step, request: HttpRequest, row_id: int) -> HttpResponse:
    require_decision(request.user, step.permission)
    if not page.has_view_permission(request):
        raise PermissionDenied
    row, now = page.get_queryset(request).filter(pk=row_id).first(), timezone.now()
    if row is None:
        raise Http404
    if not step.is_open_for(row, now):
        messages.error(request, _("someone did this already, or there is nothing to do"))
        return HttpResponseRedirect(page_url(row))
    form = _form(step, request, row)
    if not form.is_valid():
        return _ask(page, step, request, form)
    try:
        said = step.act(row, form.cleaned_data, cast(User, request.user), now)
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
        return _ask(page, step, request, form)
    messages.success(request, str(said))
    return HttpResponseRedirect(page_url(row))


def _form(step: Step, request: HttpRequest, row: Any) -> StepForm:
    if request.method == "POST":
        return step.form(request.POST, request.FILES, row=row, user=request.user)
    return step.form(row=row, user=request.user, initial=request.GET.dict())


def _ask(page: ModelPage[Any], step: Step, request: HttpRequest, form: StepForm) -> HttpResponse:
    """What was typed stays, whatever was wrong with it."""
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{step.label}: {form.row}",
        "row": form.row,
        "back": page_url(form.row),
        "step": step,
        "form": form,
        "notes": list(form.notes()),
    }
    return TemplateResponse(request, TEMPLATE, context)
