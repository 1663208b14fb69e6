from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.audit.models import Deed
from raffles.sales.admin.showing import NOTHING, ago, badge, row_link
from whatsapp import outbox
from whatsapp.admin.chat import TICKS, Status, choices_told, words_told
from whatsapp.admin.failures import why
from whatsapp.admin.reading import ChatRecords
from whatsapp.admin.trail import note_repeated
from whatsapp.messages import words_of
from whatsapp.models import OutboundMessage

TONES = {
    "QUEUED": "wait",
    "WAITING": "wait",
    "SENDING": "wait",
    "SENT": "quiet",
    "DELIVERED": "good",
    "READ": "look",
    "FAILED": "bad",
    "DROPPED": "off",
}


@admin.register(OutboundMessage)
class OutboundMessageAdmin(ChatRecords[OutboundMessage]):
    list_display = ("words", "status_shown", "contact_shown", "written", "attempts", "error_shown")
    list_display_links = ("words",)
    list_filter = ("status", "error_code")
    date_hierarchy = "created_at"
    search_fields = (
        "contact__profile_name",
        "contact__username",
        "contact__wa_id",
        "=contact__bsuid",
        "=wamid",
    )
    ordering = ("-id",)
    actions = ("send_again",)
    fields = (
        "status_shown",
        "contact_shown",
        "all_words",
        "choices",
        "error_shown",
        "answers_shown",
        "attempts",
        "created_at",
        "sent_at",
        "delivered_at",
        "read_at",
        "failed_at",
        "next_try_at",
        "not_after",
        "wamid",
        "price_category",
        "content_shown",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboundMessage]:
        return super().get_queryset(request).select_related("contact")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("whatsapp.change_outboundmessage")

    @admin.display(description=_("message"))
    def words(self, message: OutboundMessage) -> str:
        return Truncator(words_of(message.content)).chars(80) or NOTHING

    @admin.display(description=_("message"))
    def all_words(self, message: OutboundMessage) -> SafeString:
        return format_html('<div class="desk-words">{}</div>', words_told(message))

    @admin.display(description=_("buttons"))
    def choices(self, message: OutboundMessage) -> str:
        return " · ".join(choices_told(message)) or NOTHING

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, message: OutboundMessage) -> SafeString:
        return badge(f"{TICKS[Status(message.status)]} {message.get_status_display()}", TONES[message.status])

    @admin.display(description=_("contact"), ordering="contact")
    def contact_shown(self, message: OutboundMessage) -> SafeString | str:
        return row_link(message.contact)

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, message: OutboundMessage) -> str:
        return ago(message.created_at, timezone.now())

    @admin.display(description=_("error"), ordering="error_code")
    def error_shown(self, message: OutboundMessage) -> str:
        return why(message) or NOTHING

    @admin.display(description=_("answers"))
    def answers_shown(self, message: OutboundMessage) -> SafeString | str:
        return row_link(message.answers)

    @admin.display(description=_("content"))
    def content_shown(self, message: OutboundMessage) -> SafeString:
        return as_json(message.sent_as or message.content)

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[OutboundMessage]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        queued = outbox.requeue(ids, now=timezone.now())
        note_repeated(Deed.MESSAGES_REPEATED, ids, queued, user=request.user)
        words = ngettext("%(count)d queued again", "%(count)d queued again", queued) % {"count": queued}
        report_rest(request, words, done=queued, rest=len(ids) - queued)


def as_json(content: dict[str, Any]) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(content, indent=2, ensure_ascii=False))


def report_rest(request: HttpRequest, words: str, *, done: int, rest: int) -> None:
    if rest:
        had = ngettext("%(count)d had not failed", "%(count)d had not failed", rest) % {"count": rest}
        words = f"{words}; {had}"
    level = messages.SUCCESS if not rest else messages.WARNING if done else messages.ERROR
    messages.add_message(request, level, words)
