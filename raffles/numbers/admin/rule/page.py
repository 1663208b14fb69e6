"""Changing a published rule: typed, shown as everybody will read it, then published with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from raffles.draws.committing import newest_rule
from raffles.draws.models import Draw, RuleVersion
from raffles.numbers.actions import change_rule
from raffles.numbers.admin.draws import CHANGE_RULE, may_change_rule
from raffles.numbers.admin.rule.forms import RuleForm, prize_forms
from raffles.numbers.admin.rule.telling import Line, told_change
from raffles.numbers.models import Raffle
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor
from raffles.sales.rights import require_decision

TEMPLATE = "admin/raffles/raffle/rule.html"
# The two buttons under what was shown.
PUBLISH, EDIT = "publish", "edit"


@dataclass(frozen=True)
class Tried:
    """What would be public, and a mark of it."""

    lines: tuple[Line, ...]
    version: int
    seen: str


class _OnlyTried(Exception):
    """Undoes what was tried."""


def answer(page: ModelPage[Raffle], request: HttpRequest, raffle_id: int) -> HttpResponse:
    require_decision(request.user, CHANGE_RULE)
    raffle = page.get_queryset(request).select_related("draw").filter(pk=raffle_id).first()
    if not page.has_view_permission(request):
        raise PermissionDenied
    if raffle is None:
        raise Http404
    if not may_change_rule(raffle, request.user, timezone.now()):
        messages.error(request, _("Its rule cannot be changed: it is not published yet, or sales are over."))
        return HttpResponseRedirect(page_url(raffle))
    data = request.POST if request.method == "POST" else None
    form, prizes = RuleForm(data, raffle=raffle), prize_forms(raffle, data)
    if data is None or not (form.is_valid() and prizes.is_valid()) or EDIT in data:
        return _shown(page, request, raffle, form=form, prizes=prizes)
    return _answer(page, request, raffle, form, prizes)


def _answer(
    page: ModelPage[Raffle], request: HttpRequest, raffle: Raffle, form: RuleForm, prizes: Any
) -> HttpResponse:
    """The change itself, undone where it was only to be looked at: what is shown is what will be."""
    found: list[Tried] = []
    try:
        with transaction.atomic():
            found.append(_carried_out(request, raffle, form, prizes))
            if request.POST.get(PUBLISH) != found[0].seen:
                raise _OnlyTried
    except _OnlyTried:
        return _preview(page, request, raffle, found[0])
    except Refusal as refusal:
        form.add_error(None, in_words(refusal))
    except ValidationError as broken:
        _add_errors(form, broken)
    if form.errors:
        return _shown(page, request, raffle, form=form, prizes=prizes)
    messages.success(request, _("The changed rule is public from now on"))
    return HttpResponseRedirect(page_url(cast(Draw, raffle.draw)))


def _carried_out(request: HttpRequest, raffle: Raffle, form: RuleForm, prizes: Any) -> Tried:
    before = newest_rule(cast(Draw, raffle.draw))
    version = change_rule(
        raffle_id=raffle.pk,
        change=form.change(prizes.plans()),
        reason=form.cleaned_data["reason"],
        actor=Actor.staff(cast(User, request.user)),
        now=timezone.now(),
    )
    return Tried(tuple(told_change(before.text, version.text)), version.version, _mark(version))


def _mark(version: RuleVersion) -> str:
    """Without its instant: a look at it takes time."""
    return sha256(f"{version.version}\n{version.reason}\n{version.text}".encode()).hexdigest()[:32]


def _add_errors(form: RuleForm, broken: ValidationError) -> None:
    for name, words in broken.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


def _preview(page: ModelPage[Raffle], request: HttpRequest, raffle: Raffle, tried: Tried) -> HttpResponse:
    if request.POST.get(PUBLISH):
        messages.warning(
            request, _("Something changed while you were looking. Nothing was done: look again, then decide.")
        )
    again = {"tried": tried, "answers": list(_answers(request)), "reason": request.POST["reason"]}
    return _shown(page, request, raffle, **again)


def _answers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What was typed goes along, hidden, and comes back."""
    for name, values in request.POST.lists():
        if name not in {"csrfmiddlewaretoken", PUBLISH, EDIT}:
            yield from ((name, str(value)) for value in values)


def _shown(page: ModelPage[Raffle], request: HttpRequest, raffle: Raffle, **told: Any) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{_('Change the rule')}: {raffle.code}",
        "raffle": raffle,
        "back": page_url(raffle),
        "publish": PUBLISH,
        **told,
    }
    return TemplateResponse(request, TEMPLATE, context)
