from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.desk.actions import mark_seen
from raffles.desk.admin import bell
from raffles.desk.models import Digest, DigestLine, StaffNotification
from raffles.draws.models import Draw
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import ago, badge, list_url, moment, row_link
from raffles.sales.models import Order
from raffles.sales.sight import add_belonging, seen_by

TONES = {
    "PROOF_RECEIVED": "look",
    "LATE_PROOF": "bad",
    "CANCEL_REQUESTED": "wait",
    "DECISION_FAILED": "bad",
    "PERSON_REQUESTED": "look",
    "STRAY_RECEIPT": "look",
    "MONEY_WITHOUT_NUMBERS": "bad",
    "REFUND_DUE": "wait",
    "EVENT_FAILED": "bad",
    "MESSAGE_FAILED": "bad",
    "SENDING_PAUSED": "bad",
    "ACCOUNT_NOTICE": "wait",
    "TEMPLATE_NOTICE": "wait",
    "WEBHOOK_STOPPED": "bad",
    "ENTRIES_WAIT": "wait",
    "DRAW_TROUBLED": "bad",
    "DRAW_HELD": "good",
    "AWARD_CLAIMED": "look",
    "AWARD_LOST": "wait",
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


class UntoldFilter(admin.SimpleListFilter):
    """The bell has them; what was to be heard elsewhere was not."""

    title = _("alert")
    parameter_name = "alert"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("failed", _("Could not be sent"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        failed = DigestLine.objects.filter(notification=OuterRef("pk"), digest__status=Digest.Status.FAILED)
        return queryset.filter(Exists(failed)) if self.value() == "failed" else queryset


def belonging(user: Any, orders: QuerySet[Order]) -> Q:
    """Of an order or draw of theirs; or of a player who bought from them, and of no order."""
    of_players = Q(order=None, player__in=orders.values("player_id"))
    return Q(order__in=orders) | of_players | Q(draw__in=seen_by(user, Draw.objects.all()).values("pk"))


add_belonging(StaffNotification, belonging)


@admin.register(StaffNotification)
class StaffNotificationAdmin(RecordPage[StaffNotification]):
    list_display = ("kind_shown", "order_shown", "player_shown", "draw_shown", "text", "age", "seen")
    list_filter = (SeenFilter, "kind", UntoldFilter)
    list_select_related = ("order", "player", "draw")
    date_hierarchy = "created_at"
    search_fields = ("=order__code", "=draw__code", "player__name", "player__phone", "text")
    ordering = ("-id",)
    actions = ("mark_as_seen",)
    change_list_template = "admin/desk/staffnotification/change_list.html"
    fields = ("kind_shown", "order_shown", "player_shown", "draw_shown", "text", "created_at", "seen")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_seen_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.change_staffnotification")

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path("bell/", self.admin_site.admin_view(self.ring), name="desk_staffnotification_bell"),
            path("seen/", self.admin_site.admin_view(self.see_all), name="desk_staffnotification_seen"),
        ]
        return [*pages, *super().get_urls()]

    def ring(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return bell.answer(request)

    def see_all(self, request: HttpRequest) -> HttpResponse:
        """Up to the newest that the page knew: what came since then nobody has looked at."""
        newest = request.POST.get("newest", "")
        if request.method != "POST" or not self.has_seen_permission(request):
            raise PermissionDenied
        notes = StaffNotification.objects.none()
        if newest.isascii() and newest.isdigit() and len(newest) < 19:
            notes = self.get_queryset(request).filter(seen_at=None, pk__lte=int(newest))
        self.mark_as_seen(request, notes)
        return HttpResponseRedirect(list_url(StaffNotification))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = extra_context or {}
        if self.has_seen_permission(request):
            unseen = self.get_queryset(request).filter(seen_at=None).order_by("-pk")
            context["newest"] = unseen.values_list("pk", flat=True).first()
        return super().changelist_view(request, context)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_shown(self, note: StaffNotification) -> SafeString:
        return badge(note.get_kind_display(), TONES[note.kind])

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, note: StaffNotification) -> SafeString | str:
        return row_link(note.order)

    @admin.display(description=_("player"), ordering="player")
    def player_shown(self, note: StaffNotification) -> SafeString | str:
        return row_link(note.player)

    @admin.display(description=_("draw"), ordering="draw")
    def draw_shown(self, note: StaffNotification) -> SafeString | str:
        return row_link(note.draw)

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
