"""What was sent to whom, what came of it, and sending again what was given up."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.hooks.actions import replay_delivery
from raffles.hooks.models import Attempt, Delivery
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import NOTHING, badge, moment
from raffles.sales.errors import Refusal
from raffles.sales.sight import add_belonging

Status = Delivery.Status

TONES = {"PENDING": "wait", "DELIVERED": "good", "DEAD": "bad"}
MOST_AT_ONCE = 500
# What went wrong without an answer, by the name the code knows it by.
TROUBLES: dict[str, Promise] = {
    "BadAddress": _("the address leads where nothing may be sent"),
    "Timeout": _("no answer in time"),
    "ReadTimeout": _("no answer in time"),
    "ConnectTimeout": _("no connection in time"),
    "ConnectionError": _("no connection"),
    "SSLError": _("its certificate is not valid"),
    "SecretUnreadable": _("its secret cannot be read; renew it"),
    "SwitchedOff": _("it was switched off for a month"),
    "WorkerDied": _("no worker finished it"),
}

add_belonging(Delivery, lambda user, _orders: Q(subscription__owner_id=user.pk))


def outcome_in_words(row: Delivery | Attempt) -> str:
    if row.status_code is not None:
        return f"HTTP {row.status_code}"
    return str(TROUBLES.get(row.error, row.error)) if row.error else NOTHING


@admin.register(Delivery)
class DeliveryAdmin(RecordPage[Delivery]):
    list_display = ("event_shown", "object_shown", "subscription", "status_shown", "outcome", "tries", "made")
    list_filter = ("status", ("subscription", admin.RelatedOnlyFieldListFilter), "event__kind")
    list_select_related = ("event", "subscription")
    date_hierarchy = "made_at"
    search_fields = ("=event__public_id", "=subject", "subscription__description")
    search_help_text = _("Event id, object (such as order:12), webhook")
    ordering = ("-id",)
    actions = ("send_again",)
    fields = (
        "event_shown",
        "event_id_shown",
        "object_shown",
        "subscription",
        "status_shown",
        "outcome",
        "made",
        "next_try",
        "closed",
        "body",
        "log",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("hooks.replay_delivery")

    @admin.display(description=_("event"), ordering="event__kind")
    def event_shown(self, delivery: Delivery) -> str:
        return delivery.event.kind

    @admin.display(description=_("object"), ordering="subject")
    def object_shown(self, delivery: Delivery) -> str:
        return delivery.subject

    @admin.display(description=_("event id"))
    def event_id_shown(self, delivery: Delivery) -> str:
        return delivery.event.public_id

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, delivery: Delivery) -> SafeString:
        return badge(delivery.get_status_display(), TONES[delivery.status])

    @admin.display(description=_("last answer"), ordering="status_code")
    def outcome(self, delivery: Delivery) -> str:
        return outcome_in_words(delivery)

    @admin.display(description=_("made"), ordering="made_at")
    def made(self, delivery: Delivery) -> str:
        return moment(delivery.made_at)

    @admin.display(description=_("next try"))
    def next_try(self, delivery: Delivery) -> str:
        return moment(delivery.leaves_at)

    @admin.display(description=_("closed"))
    def closed(self, delivery: Delivery) -> str:
        return moment(delivery.closed_at)

    @admin.display(description=_("body"))
    def body(self, delivery: Delivery) -> SafeString:
        return format_html('<span class="text-break">{}</span>', delivery.event.body)

    @admin.display(description=_("tries"))
    def log(self, delivery: Delivery) -> SafeString:
        lines = [(moment(one.at), outcome_in_words(one), one.milliseconds) for one in delivery.attempts.all()]
        return format_html_join("", "<div>{}: {} ({} ms)</div>", lines) or NOTHING

    @admin.action(description=_("Send again what was given up"), permissions=["again"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        refused: list[str] = []
        keys = list(deliveries.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        for key in keys:
            try:
                replay_delivery(delivery_id=key, by=cast(User, request.user), now=timezone.now())
            except Refusal as refusal:
                refused.append(in_words(refusal))
        done = len(keys) - len(refused)
        words = ngettext("%(count)d delivery leaves again", "%(count)d deliveries leave again", done)
        level = messages.SUCCESS if not refused else messages.WARNING if done else messages.ERROR
        told = [words % {"count": done}, *dict.fromkeys(refused)]
        messages.add_message(request, level, "; ".join(told))
