"""The number we send from: whether it may, why not, and what waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, ago, badge, list_url, moment
from whatsapp import switch
from whatsapp.admin.number_steps import open_steps, step_urls
from whatsapp.models import BusinessNumber, OutboundMessage

A_DAY = timedelta(hours=24)
BAD_QUALITY = ("RED", "FLAGGED", "DOWNGRADE")


@admin.register(BusinessNumber)
class BusinessNumberAdmin(RecordPage[BusinessNumber]):
    change_form_template = "admin/whatsapp/businessnumber/page.html"
    list_display = ("phone_number_id", "state_shown", "quality_shown", "messaging_limit", "backlog")
    list_filter = (
        ("paused_at", admin.EmptyFieldListFilter),
        ("templates_paused_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("phone_number_id",)
    fields = (
        "phone_number_id",
        "state_shown",
        "templates_shown",
        "backlog",
        "failures_in_row",
        "quality_shown",
        "messaging_limit",
        "noticed",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[BusinessNumber]:
        """Ours only: rows of numbers used before say nothing about what leaves now."""
        return super().get_queryset(request).filter(phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID)

    def get_urls(self) -> list[URLPattern]:
        return [*step_urls(self), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        switch.number()  # so that there is a row to pause before the first message
        return super().changelist_view(request, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kw: Any) -> Any:
        if context.get("original") is not None:
            context["steps"] = open_steps(context["original"], request.user)
        return super().render_change_form(request, context, *args, **kw)

    @admin.display(description=_("sending messages"), ordering="paused_at")
    def state_shown(self, number: BusinessNumber) -> SafeString:
        now = timezone.now()
        if number.paused_at is not None:
            return badge(_("paused since %(at)s by %(by)s: %(reason)s") % _told_of_pause(number), "bad")
        if number.held_until is not None and now < number.held_until:
            told = {"at": moment(number.held_until), "reason": number.hold_reason}
            return badge(_("held until %(at)s: %(reason)s") % told, "wait")
        if number.failures_in_row >= switch.FAILURES_THAT_OPEN:
            return badge(_("trying one message, to see whether Meta answers again"), "wait")
        return badge(_("messages leave"), "good")

    @admin.display(description=_("templates"), ordering="templates_paused_at")
    def templates_shown(self, number: BusinessNumber) -> SafeString:
        if number.templates_paused_at is None:
            return badge(_("allowed"), "good")
        at = moment(number.templates_paused_at)
        return badge(_("none leaves since %(at)s: Meta limits them") % {"at": at}, "bad")

    @admin.display(description=_("messages"))
    def backlog(self, number: BusinessNumber) -> SafeString:
        since = timezone.now() - A_DAY
        counted: tuple[tuple[Any, dict[str, str]], ...] = (
            (_("queued"), {"status__in": "QUEUED,SENDING"}),
            (_("waiting for the player"), {"status__exact": "WAITING"}),
            (_("failed in 24 hours"), {"status__exact": "FAILED", "failed_at__gte": since.isoformat()}),
        )
        parts = [(list_url(OutboundMessage, **filters), _count(filters), label) for label, filters in counted]
        return format_html_join(" · ", '<a href="{}">{} {}</a>', parts)

    @admin.display(description=_("quality"), ordering="quality")
    def quality_shown(self, number: BusinessNumber) -> SafeString | str:
        if not number.quality:
            return NOTHING
        return badge(number.quality, "bad" if number.quality in BAD_QUALITY else "quiet")

    @admin.display(description=_("last notice of Meta"), ordering="noticed_at")
    def noticed(self, number: BusinessNumber) -> str:
        return ago(number.noticed_at, timezone.now())


def _count(filters: dict[str, str]) -> int:
    """The same filters as the list behind the link."""
    given = {name: each.split(",") if name.endswith("__in") else each for name, each in filters.items()}
    return OutboundMessage.objects.filter(**given).count()


def _told_of_pause(number: BusinessNumber) -> dict[str, str]:
    return {"at": moment(number.paused_at), "by": number.paused_by, "reason": number.pause_reason}
