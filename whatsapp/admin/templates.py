"""The wordings that Meta has, or has not, approved. Their texts are the product's; Meta decides the rest."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, ago, badge, list_url
from whatsapp.cloud_api import CloudApiError
from whatsapp.models import MessageTemplate
from whatsapp.templates import syncing
from whatsapp.templates.catalogue import CATEGORY, definition_of

TONES = {
    "DRAFT": "off",
    "PENDING": "wait",
    "APPROVED": "good",
    "REJECTED": "bad",
    "PAUSED": "bad",
    "DISABLED": "bad",
    "GONE": "off",
}


@admin.register(MessageTemplate)
class MessageTemplateAdmin(RecordPage[MessageTemplate]):
    change_list_template = "admin/whatsapp/messagetemplate/change_list.html"
    list_display = ("name", "language", "status_shown", "category_shown", "quality", "reason", "changed")
    list_filter = ("status", "language", "key")
    search_fields = ("name", "body", "=meta_id")
    ordering = ("key", "language", "-id")
    fields = (
        "key",
        "name",
        "language",
        "status_shown",
        "reason",
        "category_shown",
        "quality",
        "text",
        "example",
        "meta_id",
        "changed_at",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_urls(self) -> list[URLPattern]:
        sync = path("sync/", self.admin_site.admin_view(self.sync), name="whatsapp_messagetemplate_sync")
        return [sync, *super().get_urls()]

    def has_sync_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("whatsapp.sync_templates")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_sync = {"may_sync": self.has_sync_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **may_sync})

    def sync(self, request: HttpRequest) -> HttpResponse:
        """Asked by a person who waits for the answer: one list, read with the client's own time limits."""
        if not self.has_sync_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            changed = syncing.sync(syncing.listed(), now=timezone.now())
        except CloudApiError as error:
            words = _now("Meta did not list the templates: %(error)s") % {"error": error}
            messages.error(request, words)
        else:
            words = ngettext("%(count)d template changed", "%(count)d templates changed", changed)
            messages.success(request, words % {"count": changed})
        return HttpResponseRedirect(list_url(MessageTemplate))

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, template: MessageTemplate) -> SafeString:
        return badge(template.get_status_display(), TONES[template.status])

    @admin.display(description=_("category"), ordering="category")
    def category_shown(self, template: MessageTemplate) -> SafeString | str:
        """Anything but a utility costs more and reaches fewer players."""
        if template.category in ("", CATEGORY):
            return template.category or NOTHING
        return badge(template.category, "bad")

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed(self, template: MessageTemplate) -> str:
        return ago(template.changed_at, timezone.now())

    @admin.display(description=_("text"))
    def text(self, template: MessageTemplate) -> SafeString:
        words = format_html('<div class="desk-words">{}</div>', template.body)
        if not syncing.differs(template):
            return words
        return format_html("{}{}", badge(_("not the text of this product"), "bad"), words)

    @admin.display(description=_("example"))
    def example(self, template: MessageTemplate) -> SafeString | str:
        ours = definition_of(template.name, template.language)
        return format_html('<div class="desk-words">{}</div>', ours.example) if ours else NOTHING
