"""What staff may do to a webhook: one table, a page to confirm each, words at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.hooks.actions import disable_subscription, enable_subscription, rotate_secret, send_test
from raffles.hooks.issuing import Issued
from raffles.hooks.models import Delivery, Subscription
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal

# How many hours the old secret still signs.
OVERLAPS = [
    ("24", _("24 hours: the receiver changes over meanwhile")),
    ("0", _("Not at all: somebody else may know it")),
]

Act = Callable[[int, dict[str, Any], User, datetime], Issued | Subscription | Delivery]


class RenewForm(forms.Form):
    hours = forms.ChoiceField(label=_("How long the old secret still signs too"), choices=OVERLAPS)


@dataclass(frozen=True, kw_only=True)
class Step:
    name: str
    label: Promise
    explanation: Promise
    tone: str
    fields: type[forms.Form] = forms.Form
    is_open: Callable[[Subscription], bool] = lambda _subscription: True
    act: Act
    done: Promise


def _renew(key: int, given: dict[str, Any], by: User, now: datetime) -> Issued:
    overlap = timedelta(hours=int(given["hours"]))
    return rotate_secret(subscription_id=key, by=by, now=now, overlap=overlap)


def _send_test(key: int, given: dict[str, Any], by: User, now: datetime) -> Delivery:
    return send_test(subscription_id=key, by=by, now=now)


def _switch_on(key: int, given: dict[str, Any], by: User, now: datetime) -> Subscription:
    return enable_subscription(subscription_id=key, by=by, now=now)


def _switch_off(key: int, given: dict[str, Any], by: User, now: datetime) -> Subscription:
    return disable_subscription(subscription_id=key, by=by, now=now)


STEPS = (
    Step(
        name="test",
        label=_("Send a test event"),
        explanation=_(
            "An event about nothing leaves at once, as every other does, so that you see whether the "
            "receiver hears it."
        ),
        tone="primary",
        is_open=lambda subscription: subscription.disabled_at is None,
        act=_send_test,
        done=_("The test event is on its way. Load this page again to see what came of it."),
    ),
    Step(
        name="renew",
        label=_("Renew the secret"),
        explanation=_("You are shown a new secret, once. Give it to whoever runs the receiver."),
        tone="warning",
        fields=RenewForm,
        act=_renew,
        done=_("The secret is new."),
    ),
    Step(
        name="switch_off",
        label=_("Switch off"),
        explanation=_("It hears of nothing new. What is on its way waits until it is switched on again."),
        tone="danger",
        is_open=lambda subscription: subscription.disabled_at is None,
        act=_switch_off,
        done=_("The webhook is switched off."),
    ),
    Step(
        name="switch_on",
        label=_("Switch on"),
        explanation=_("What waits leaves at once, in its order. What happened while it was off is not told."),
        tone="success",
        is_open=lambda subscription: subscription.disabled_at is not None,
        act=_switch_on,
        done=_("The webhook is switched on."),
    ),
)


def step_urls(page: ModelPage[Subscription]) -> list[URLPattern]:
    return [
        path(
            f"<int:key>/{step.name}/",
            page.admin_site.admin_view(partial(_step_view, page, step)),
            name=f"hooks_subscription_{step.name}",
        )
        for step in STEPS
    ]


def open_steps(subscription: Subscription) -> list[dict[str, Any]]:
    return [
        {"label": step.label, "tone": step.tone, "url": _address(step, subscription)}
        for step in STEPS
        if step.is_open(subscription)
    ]


def _address(step: Step, subscription: Subscription) -> str:
    return reverse(f"admin:hooks_subscription_{step.name}", args=(subscription.pk,))


def _step_view(page: ModelPage[Subscription], step: Step, request: HttpRequest, key: int) -> HttpResponse:
    if not page.has_change_permission(request):
        raise PermissionDenied
    subscription = page.get_queryset(request).filter(pk=key).first()
    if subscription is None:
        raise Http404
    if not step.is_open(subscription):
        messages.error(request, _("someone did this already, or there is nothing to do"))
        return HttpResponseRedirect(page_url(subscription))
    form = step.fields(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(page, request, subscription, step, form)
    return _answer(page, request, subscription, step, form.cleaned_data)


def _answer(
    page: ModelPage[Subscription],
    request: HttpRequest,
    subscription: Subscription,
    step: Step,
    given: dict[str, Any],
) -> HttpResponse:
    try:
        done = step.act(subscription.pk, given, cast(User, request.user), timezone.now())
    except Refusal as refusal:
        messages.error(request, f"{subscription}: {in_words(refusal)}")
        return HttpResponseRedirect(page_url(subscription))
    page.log_change(request, subscription, str(step.label))
    if isinstance(done, Issued):
        return show_secret(page, request, done)
    messages.success(request, str(step.done))
    may_read = isinstance(done, Delivery) and request.user.has_perm("hooks.view_delivery")
    return HttpResponseRedirect(page_url(done if may_read else subscription))


def _ask(
    page: ModelPage[Subscription],
    request: HttpRequest,
    subscription: Subscription,
    step: Step,
    form: forms.Form,
) -> HttpResponse:
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{step.label}: {subscription}",
        "row": subscription,
        "back": page_url(subscription),
        "step": step,
        "form": form,
    }
    return TemplateResponse(request, "admin/sales/money_step.html", context)


def show_secret(page: ModelPage[Subscription], request: HttpRequest, issued: Issued) -> HttpResponse:
    """In the answer itself and nowhere else: a message or a session would be kept."""
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{_('Secret')}: {issued.subscription}",
        "secret": issued.secret,
        "back": page_url(issued.subscription),
    }
    return TemplateResponse(request, "admin/hooks/subscription/secret.html", context)
