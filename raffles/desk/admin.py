from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.desk.actions import mark_seen
from raffles.desk.models import StaffNotification
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import ago, badge, moment, row_link

TONES = {
    "PROOF_RECEIVED": "look",
    "LATE_PROOF": "bad",
    "CANCEL_REQUESTED": "wait",
    "PERSON_REQUESTED": "look",
    "STRAY_RECEIPT": "look",
    "MONEY_WITHOUT_NUMBERS": "bad",
    "REFUND_DUE": "wait",
    "EVENT_FAILED": "bad",
    "MESSAGE_FAILED": "bad",
    "SENDING_PAUSED": "bad",
    "ACCOUNT_NOTICE": "wait",
    "TEMPLATE_NOTICE": "wait",
}


class SeenFilter(admin.SimpleListFilter):
    title = _("seen")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("no", _("Not seen yet")), ("yes", _("Seen"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(seen_at__isnull=self.value() == "no")
        return queryset


@admin.register(StaffNotification)
class StaffNotificationAdmin(RecordPage[StaffNotification]):
    list_display = ("kind_shown", "order_shown", "player_shown", "text", "age", "seen")
    list_filter = (SeenFilter, "kind")
    list_select_related = ("order", "player")
    date_hierarchy = "created_at"
    search_fields = ("=order__code", "player__name", "player__phone", "text")
    ordering = ("-id",)
    actions = ("mark_as_seen",)
    fields = ("kind_shown", "order_shown", "player_shown", "text", "created_at", "seen")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_seen_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.change_staffnotification")

    @admin.display(description=_("kind"), ordering="kind")
    def kind_shown(self, note: StaffNotification) -> SafeString:
        return badge(note.get_kind_display(), TONES[note.kind])

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, note: StaffNotification) -> SafeString | str:
        return row_link(note.order)

    @admin.display(description=_("player"), ordering="player")
    def player_shown(self, note: StaffNotification) -> SafeString | str:
        return row_link(note.player)

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, note: StaffNotification) -> str:
        return ago(note.created_at, timezone.now())

    @admin.display(description=_("seen"), ordering="seen_at")
    def seen(self, note: StaffNotification) -> SafeString | str:
        return moment(note.seen_at) if note.seen_at else badge(_("Not seen yet"), "wait")

    @admin.action(description=_("Mark as seen"), permissions=["seen"])
    def mark_as_seen(self, request: HttpRequest, notes: QuerySet[StaffNotification]) -> None:
        seen = mark_seen(notification_ids=list(notes.values_list("pk", flat=True)), now=timezone.now())
        words = ngettext("%(count)d marked as seen", "%(count)d marked as seen", seen) % {"count": seen}
        messages.success(request, words)
