"""Machines of others that hear of what is sold and paid."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from raffles.hooks import rules
from raffles.hooks.actions import change_subscription, make_subscription
from raffles.hooks.admin import steps
from raffles.hooks.admin.refusals import WHY_NOT
from raffles.hooks.catalogue import EventKind
from raffles.hooks.errors import AddressRefused
from raffles.hooks.issuing import Issued
from raffles.hooks.models import Delivery, Subscription
from raffles.sales.admin.pages import ModelPage, RowForm
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import NOTHING, badge, link, list_url, moment, shortened
from raffles.sales.errors import Refusal
from raffles.sales.sight import add_belonging

SHOWN = ("description", "host", "events", "state", "owner", "of_program", "created", "deliveries")
BESIDE = ("state", "owner", "of_program", "created", "deliveries")

add_belonging(Subscription, lambda user, _orders: Q(owner_id=user.pk))


class StateFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("on", _("Listens")), ("off", _("Switched off")), ("stopped", _("Stopped by itself"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "on":
                return queryset.filter(disabled_at=None)
            case "off":
                return queryset.filter(disabled_why=Subscription.Why.STAFF)
            case "stopped":
                return stopped(queryset)
        return queryset


def stopped(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """By its receiver and by nobody's will: somebody should look."""
    return rows.filter(disabled_why__in=[Subscription.Why.GONE, Subscription.Why.FAILING])


def _looked_at(url: str) -> rules.CheckedAddress | AddressRefused:
    try:
        return rules.require_address(url)
    except AddressRefused as refused:
        return refused


class SubscriptionForm(RowForm[Subscription]):
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(kind.value, format_lazy("{}: {}", kind.value, kind.label)) for kind in EventKind],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It is told ids only, never a name, a phone or an amount."),
    )

    class Meta:
        model = Subscription
        fields = ("description", "url", "kinds")
        widgets = {"url": forms.TextInput({"size": 50, "inputmode": "url"})}
        help_texts = {
            "description": _("What it is for, so that others know."),
            "url": _("Where each event is sent to, with https://."),
        }

    # What came of looking at the address that was typed.
    looked_at: rules.CheckedAddress | AddressRefused | None = None

    def clean_url(self) -> rules.CheckedAddress:
        """One that stays as it was is not asked about again."""
        if str(self.cleaned_data["url"]).strip() == self.instance.url or self.looked_at is None:
            return rules.CheckedAddress(self.instance.url)
        if isinstance(self.looked_at, AddressRefused):
            raise forms.ValidationError(str(WHY_NOT[self.looked_at.why]))
        return self.looked_at


class NewSubscriptionForm(SubscriptionForm):
    """Knows who makes it, who may have as many as they need and no more."""

    owner: User

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        try:
            rules.require_room(self.owner)
        except Refusal as refusal:
            raise forms.ValidationError(in_words(refusal)) from None
        return given


@admin.register(Subscription)
class SubscriptionAdmin(ModelPage[Subscription]):
    form = SubscriptionForm
    list_display = ("__str__", "host", "events", "state", "owner", "of_program", "deliveries")
    list_filter = (StateFilter, ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("description", "owner__username", "program")
    ordering = ("-id",)
    change_form_template = "admin/hooks/subscription/page.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was told to whom stays readable; a webhook is switched off."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        known: dict[str, Any] = {"looked_at": getattr(request, "looked_at", None), "owner": request.user}
        base = NewSubscriptionForm if obj is None else SubscriptionForm
        options["form"] = type("KnowingForm", (base,), known)
        return super().get_form(request, obj, change, **options)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return SubscriptionForm.Meta.fields
        if self.has_change_permission(request, obj):
            return (*SubscriptionForm.Meta.fields, *BESIDE)
        return SHOWN

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return BESIDE if self.has_change_permission(request, obj) else SHOWN

    def get_urls(self) -> list[URLPattern]:
        return [*steps.step_urls(self), *super().get_urls()]

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The page is answered in a transaction; where an address leads is asked before."""
        if request.method == "POST" and "url" in request.POST and self._may_write(request):
            request.looked_at = _looked_at(request.POST["url"].strip())  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **options)

    def _may_write(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may = row is not None and self.has_change_permission(request, row)
        context = {**(extra_context or {}), "steps": steps.open_steps(row) if row and may else []}
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        given = form.cleaned_data
        asked: dict[str, Any] = {name: given[name] for name in SubscriptionForm.Meta.fields}
        by, now = cast(User, request.user), timezone.now()
        if change:
            change_subscription(subscription_id=obj.pk, by=by, now=now, **asked)
            return
        issued = make_subscription(owner=by, now=now, **asked)
        obj.pk, obj._state.adding = issued.subscription.pk, False
        request.issued = issued  # type: ignore[attr-defined]  # for the answer to this request

    def response_add(self, request: HttpRequest, obj: Subscription, post_url_continue: Any = None) -> Any:
        issued: Issued = request.issued  # type: ignore[attr-defined]
        return steps.show_secret(self, request, issued)

    @admin.display(description=_("where"))
    def host(self, subscription: Subscription) -> str:
        return urlsplit(subscription.url).hostname or NOTHING

    @admin.display(description=_("events"))
    def events(self, subscription: Subscription) -> str:
        return shortened(subscription.kinds) or NOTHING

    @admin.display(description=_("status"), ordering="disabled_at")
    def state(self, subscription: Subscription) -> SafeString:
        if subscription.disabled_at is None and subscription.rests(timezone.now()):
            return badge(_("Rests until %(at)s") % {"at": moment(subscription.rests_until)}, "wait")
        if subscription.disabled_at is None:
            return badge(_("Listens"), "good")
        tone = "off" if subscription.disabled_why == Subscription.Why.STAFF else "bad"
        return badge(subscription.get_disabled_why_display(), tone)

    @admin.display(description=_("program"), ordering="program")
    def of_program(self, subscription: Subscription) -> str:
        return subscription.program or NOTHING

    @admin.display(description=_("made"), ordering="created_at")
    def created(self, subscription: Subscription) -> str:
        return moment(subscription.created_at)

    @admin.display(description=_("deliveries"))
    def deliveries(self, subscription: Subscription) -> SafeString:
        return link(list_url(Delivery, subscription__id__exact=subscription.pk), _("What was sent"))
