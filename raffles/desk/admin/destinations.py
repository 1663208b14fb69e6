"""Who outside the admin hears of which kinds of notification, and what became of each alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.desk.alerts.addresses import BadAddress, require_allowed
from raffles.desk.alerts.sending import send_again
from raffles.desk.models import Destination, Digest, StaffNotification
from raffles.sales.admin.pages import ModelPage, RecordPage, RowForm
from raffles.sales.admin.showing import NOTHING, badge, link, list_url, moment

Channel = Destination.Channel

MOST_IDS = 100
TONES = {"READY": "wait", "SENDING": "look", "SENT": "good", "FAILED": "bad"}
WHY = {
    "unreadable": _("This is no web address, or it holds a user name."),
    "insecure": _("The address must begin with https://."),
    "private": _("This address leads to a machine that is not on the internet."),
}


class DestinationForm(RowForm[Destination]):
    kinds = forms.MultipleChoiceField(
        label=_("What it hears of"),
        choices=StaffNotification.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The bell in the admin hears of everything."),
    )

    class Meta:
        model = Destination
        fields = ("name", "channel", "url", "player", "kinds", "is_active")
        help_texts = {
            "url": _("From Slack, Mattermost or the like: “incoming webhook”. Keep it secret."),
            "player": _(
                "WhatsApp only: one member of staff. Empty: everybody whose contact is ticked as staff. "
                "Nobody hears anything whose contact is not ticked."
            ),
        }

    # Why an address that was looked at is refused; empty where it is not.
    refusals: Mapping[str, str] = {}

    def clean_url(self) -> str:
        """One that stays as it was is not asked about again; one that was not looked at is refused."""
        url = str(self.cleaned_data["url"]).strip()
        if url and url != self.instance.url and (why := self.refusals.get(url, "unreadable")):
            raise forms.ValidationError(str(WHY[why]))
        return url

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_webhook = given.get("channel") == Channel.WEBHOOK
        if is_webhook and not given.get("url") and "url" not in self.errors:
            self.add_error("url", _now("A webhook needs its address."))
        if is_webhook:
            given["player"] = None
        else:
            given["url"] = ""
        return given


def _refusal_of(url: str) -> str:
    try:
        require_allowed(url)
    except BadAddress as refused:
        return refused.why
    return ""


class UnsentFilter(admin.SimpleListFilter):
    title = _("alerts")
    parameter_name = "alerts"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("failed", _("Some could not be sent"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(failed_count__gt=0) if self.value() == "failed" else queryset


@admin.register(Destination)
class DestinationAdmin(ModelPage[Destination]):
    form = DestinationForm
    list_display = ("name", "channel", "where", "kinds_shown", "active", "not_sent")
    list_filter = (UnsentFilter, "channel", "is_active")
    list_select_related = ("player",)
    search_fields = ("name",)
    autocomplete_fields = ("player",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        failed = Count("digests", filter=Q(digests__status=Digest.Status.FAILED))
        return super().get_queryset(request).annotate(failed_count=failed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was told to whom stays readable; a destination is switched off."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The page is answered in a transaction; where an address leads is asked before."""
        url = request.POST.get("url", "").strip()
        if url and (self.has_add_permission(request) or self.has_change_permission(request)):
            request.refusals = {url: _refusal_of(url)}  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **options)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        known = {"refusals": getattr(request, "refusals", {})}
        options["form"] = type("KnowingForm", (DestinationForm,), known)
        return super().get_form(request, obj, change, **options)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj) or obj is None:
            return DestinationForm.Meta.fields
        return ("name", "channel", "where", "kinds_shown", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        may_change = self.has_change_permission(request, obj) or obj is None
        return () if may_change else ("where", "kinds_shown", "active")

    @admin.display(description=_("where"))
    def where(self, destination: Destination) -> str:
        if destination.channel == Channel.WEBHOOK:
            return urlsplit(destination.url).hostname or NOTHING
        return str(destination.player or _("everybody ticked as staff"))

    @admin.display(description=_("kinds"))
    def kinds_shown(self, destination: Destination) -> str:
        labels = dict(StaffNotification.Kind.choices)
        return ", ".join(str(labels[kind]) for kind in destination.kinds if kind in labels) or NOTHING

    @admin.display(description=_("active"), ordering="is_active")
    def active(self, destination: Destination) -> SafeString:
        return badge(_("Listens"), "good") if destination.is_active else badge(_("Switched off"), "off")

    @admin.display(description=_("not sent"), ordering="failed_count")
    def not_sent(self, destination: Destination) -> SafeString:
        """Leads to the alerts, which can be sent again there once what was wrong is mended."""
        count = int(getattr(destination, "failed_count", 0))
        if not count:
            return NOTHING
        words = ngettext("%(count)d alert not sent", "%(count)d alerts not sent", count) % {"count": count}
        given = {"destination__id__exact": destination.pk, "status__exact": Digest.Status.FAILED}
        return link(list_url(Digest, **given), badge(words, "bad"))

    def save_model(self, request: HttpRequest, obj: Destination, form: Any, change: bool) -> None:
        was = Destination.objects.get(pk=obj.pk) if change else None
        if was is None or (obj.is_active and not was.is_active):
            obj.since, obj.kinds_since = timezone.now(), {}
        else:
            obj.kinds_since = _listened(obj, was, timezone.now())
        before = told_of(was) if was else {}
        super().save_model(request, obj, form, change)
        _note_save(obj, before, is_new_address="url" in form.changed_data, user=request.user)


def _listened(destination: Destination, was: Destination, now: datetime) -> dict[str, str]:
    """A kind that is ticked now begins with no old news; what waits of the others stays to be told."""
    kept = {kind: at for kind, at in was.kinds_since.items() if kind in destination.kinds}
    return kept | {kind: now.isoformat() for kind in destination.kinds if kind not in was.kinds}


def told_of(destination: Destination) -> dict[str, Any]:
    """For the log. Of a webhook its host alone: whoever has the address can write to the room behind it."""
    return {
        "name": destination.name,
        "channel": destination.channel,
        "host": urlsplit(destination.url).hostname or "",
        "person": f"#{destination.player_id}" if destination.player_id else "",
        "kinds": list(destination.kinds),
        "is_active": destination.is_active,
    }


def _note_save(destination: Destination, before: dict[str, Any], *, is_new_address: bool, user: Any) -> None:
    after = told_of(destination)
    if not before:
        record(Deed.DESTINATION_ADDED, subject=destination, user=user, after=after)
        return
    was = {name: value for name, value in before.items() if value != after[name]}
    now = {name: after[name] for name in was}
    if is_new_address and destination.url:
        now["address"] = "changed"
    if now:
        record(Deed.DESTINATION_CHANGED, subject=destination, user=user, before=was, after=now)


@admin.register(Digest)
class DigestAdmin(RecordPage[Digest]):
    list_display = ("destination", "status_shown", "lines_shown", "made_at", "sent_at", "tries", "error")
    list_filter = ("status", "destination")
    list_select_related = ("destination",)
    date_hierarchy = "made_at"
    search_fields = ("destination__name", "=lines__notification__order__code")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = ("destination", "status_shown", "kinds_told", "made_at", "sent_at", "tries", "next_try", "error")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        return super().get_queryset(request).annotate(line_count=Count("lines"))

    def has_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.change_destination")

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, digest: Digest) -> SafeString:
        return badge(digest.get_status_display(), TONES[digest.status])

    @admin.display(description=_("told"), ordering="line_count")
    def lines_shown(self, digest: Digest) -> int:
        return int(getattr(digest, "line_count", 0))

    @admin.display(description=_("next try"))
    def next_try(self, digest: Digest) -> str:
        return moment(digest.next_try_at) if digest.status == Digest.Status.READY else NOTHING

    @admin.display(description=_("told"))
    def kinds_told(self, digest: Digest) -> str:
        lines = digest.lines.select_related("notification__order", "notification__draw")
        notes = [line.notification for line in lines]
        named = [(str(note.get_kind_display()), str(note.order or note.draw or "")) for note in notes]
        return ", ".join(" ".join(filter(None, one)) for one in named)

    @admin.action(description=_("Send again"), permissions=["again"])
    def try_again(self, request: HttpRequest, digests: QuerySet[Digest]) -> None:
        ids = list(digests.values_list("pk", flat=True))
        done = send_again(digest_ids=ids, now=timezone.now())
        if done:
            record(Deed.ALERTS_REPEATED, user=request.user, after={"rows": done, "ids": ids[:MOST_IDS]})
        words = ngettext("%(count)d alert will be sent again", "%(count)d alerts will be sent again", done)
        messages.success(request, words % {"count": done})
