"""The page of a raffle where sales made on paper come in: choose a file, read the check, then import."""

from __future__ import annotations

from dataclasses import astuple
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.numbers.admin.paper import BadFile, Check, Line, Report, check, read, sell
from raffles.numbers.admin.trail import note_import
from raffles.numbers.models import Raffle
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import page_url
from raffles.sales.rights import may_decide

PERMISSION = "raffles.import_sales"
TEMPLATE = "admin/raffles/raffle/paper.html"
SALT = "raffles.paper"
# A check is good for as long as somebody may need to read it; the import checks again anyway.
GOOD_FOR_SECONDS = 3600


class PaperForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx) with the columns number, name, phone, amount; 1,000 rows at most."),
        widget=forms.ClearableFileInput({"accept": ".csv,.xlsx"}),
    )


def may_import(request: HttpRequest) -> bool:
    """It confirms payments, so it asks for what every decision about money asks for."""
    return may_decide(request.user, PERMISSION)


def answer(page: ModelPage[Raffle], request: HttpRequest, raffle_id: int) -> HttpResponse:
    raffle = page.get_queryset(request).filter(pk=raffle_id).first()
    if raffle is None:
        raise Http404
    if not (may_import(request) and page.has_view_permission(request, raffle)):
        raise PermissionDenied
    if request.method == "POST" and "checked" in request.POST:
        return _import(page, request, raffle)
    form = PaperForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _shown(page, request, raffle, form=form)
    file = form.cleaned_data["file"]
    try:
        lines = read(file.read())
    except BadFile as bad:
        form.add_error("file", str(bad))
        return _shown(page, request, raffle, form=form)
    return _shown(
        page,
        request,
        raffle,
        form=PaperForm(),
        found=check(raffle, lines, now=timezone.now()),
        checked=_signed(lines, raffle, str(file.name)),
    )


def _import(page: ModelPage[Raffle], request: HttpRequest, raffle: Raffle) -> HttpResponse:
    """The rows travel signed through the browser; what changed since the check is found by a second one."""
    try:
        given = signing.loads(request.POST["checked"], salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        given = {}
    if given.get("raffle") != raffle.pk:
        messages.error(request, _("This check is too old: choose the file again. Nothing was imported."))
        return HttpResponseRedirect(request.path)
    now = timezone.now()
    found = check(raffle, [Line(*line) for line in given["lines"]], now=now)
    if not found.may_sell:
        return _shown(page, request, raffle, form=PaperForm(), found=found)
    report = sell(raffle, found.sales, by=cast(User, request.user), now=now)
    note_import(raffle, report, file=given.get("file", ""), rows=len(given["lines"]), user=request.user)
    _tell(request, report)
    if report.problems:
        return _shown(page, request, raffle, form=PaperForm(), report=report)
    return HttpResponseRedirect(page_url(raffle))


def _tell(request: HttpRequest, report: Report) -> None:
    words = ngettext("%(count)d number imported", "%(count)d numbers imported", report.numbers)
    level = messages.WARNING if report.problems else messages.SUCCESS
    messages.add_message(request, level, words % {"count": report.numbers})


def _signed(lines: list[Line], raffle: Raffle, file: str) -> str:
    told = {"raffle": raffle.pk, "file": file, "lines": [astuple(line) for line in lines]}
    return signing.dumps(told, salt=SALT, compress=True)


def _shown(
    page: ModelPage[Raffle],
    request: HttpRequest,
    raffle: Raffle,
    *,
    form: PaperForm,
    found: Check | None = None,
    report: Report | None = None,
    checked: str = "",
) -> HttpResponse:
    told = found or report
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": _("Import sales made on paper"),
        "raffle": raffle,
        "back": page_url(raffle),
        "form": form,
        "found": found,
        "problems": told.problems if told else [],
        "checked": checked if found and found.may_sell else "",
    }
    return TemplateResponse(request, TEMPLATE, context)
