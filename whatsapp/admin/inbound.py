from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.audit.models import Deed
from raffles.evidence.actions import StillPrepared
from raffles.evidence.reader import ReaderFailed
from raffles.sales.admin.files import private_copy, private_file, require_staff, still_prepared
from raffles.sales.admin.showing import NOTHING, ago, badge, file_size, row_link
from whatsapp import file_copies, inbox
from whatsapp.admin.chat import copy_url, file_url, said
from whatsapp.admin.outbound import as_json, report_rest
from whatsapp.admin.reading import ChatRecords
from whatsapp.admin.trail import note_file_seen, note_repeated
from whatsapp.models import InboundEvent, InboundMedia

TONES = {"NEW": "wait", "DONE": "good", "IGNORED": "off", "FAILED": "bad"}


@admin.register(InboundEvent)
class InboundEventAdmin(ChatRecords[InboundEvent]):
    list_display = ("words", "kind", "status_shown", "contact_shown", "received", "attempts", "error")
    list_display_links = ("words",)
    list_filter = ("status", "kind")
    date_hierarchy = "received_at"
    search_fields = (
        "contact__profile_name",
        "contact__username",
        "contact__wa_id",
        "=contact__bsuid",
        "error",
    )
    ordering = ("-id",)
    actions = ("take_again",)
    fields = (
        "kind",
        "status_shown",
        "contact_shown",
        "all_words",
        "file_shown",
        "happened_at",
        "received_at",
        "done_at",
        "attempts",
        "error",
        "state_before",
        "state_after",
        "event_key",
        "payload_shown",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundEvent]:
        return super().get_queryset(request).select_related("contact", "media")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("whatsapp.change_inboundevent")

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:event_id>/file/", self.file_view, name="whatsapp_inboundevent_file")
        copy = path("<int:event_id>/copy/", self.copy_view, name="whatsapp_inboundevent_copy")
        return [file, copy, *super().get_urls()]

    def file_view(self, request: HttpRequest, event_id: int) -> FileResponse:
        media = self._seen_media(request, event_id)
        note_file_seen(media, user=request.user)
        return private_file(media.file, f"message-{event_id}")

    def copy_view(self, request: HttpRequest, event_id: int) -> FileResponse | HttpResponse:
        media = self._seen_media(request, event_id)
        try:
            name = file_copies.name_of(media, now=timezone.now())
        except StillPrepared:
            return still_prepared()
        except ReaderFailed:
            raise Http404 from None
        note_file_seen(media, user=request.user)
        return private_copy(name, f"message-{event_id}.jpg")

    def _seen_media(self, request: HttpRequest, event_id: int) -> InboundMedia:
        """Who may read a chat may see its pictures."""
        may_view = self.has_view_permission(request) or request.user.has_perm("whatsapp.view_contact")
        require_staff(self.admin_site, request, may_view=may_view)
        event = self.get_queryset(request).filter(pk=event_id)
        media = InboundMedia.objects.filter(event__in=event).select_related("event").first()
        if media is None or not media.file:
            raise Http404
        return media

    @admin.display(description=_("message"))
    def words(self, event: InboundEvent) -> str:
        return Truncator(_all_words(event)).chars(80) or NOTHING

    @admin.display(description=_("message"))
    def all_words(self, event: InboundEvent) -> SafeString:
        return format_html('<div class="desk-words">{}</div>', _all_words(event))

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, event: InboundEvent) -> SafeString:
        return badge(event.get_status_display(), TONES[event.status])

    @admin.display(description=_("contact"), ordering="contact")
    def contact_shown(self, event: InboundEvent) -> SafeString | str:
        return row_link(event.contact)

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, event: InboundEvent) -> str:
        return ago(event.received_at, timezone.now())

    @admin.display(description=_("file"))
    def file_shown(self, event: InboundEvent) -> SafeString | str:
        media: InboundMedia | None = getattr(event, "media", None)
        if media is None or not media.file:
            return media.reason if media is not None else NOTHING
        link = '<a href="{}" target="_blank" rel="noopener">{}</a>'
        words = f"{media.content_type} · {file_size(media.size)}"
        drawn = copy_url(event, media)
        if not drawn:
            return format_html(link, file_url(event), words)
        picture = format_html('<img class="desk-picture" src="{}" alt="">', drawn)
        return format_html("{}<br>" + link, picture, file_url(event), words)

    @admin.display(description=_("payload"))
    def payload_shown(self, event: InboundEvent) -> SafeString:
        return as_json(event.payload)

    @admin.action(description=_("Take again"), permissions=["replay"])
    def take_again(self, request: HttpRequest, chosen: QuerySet[InboundEvent]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        renewed = inbox.replay(ids, now=timezone.now())
        note_repeated(Deed.EVENTS_REPLAYED, ids, renewed, user=request.user)
        words = ngettext("%(count)d taken again", "%(count)d taken again", renewed) % {"count": renewed}
        report_rest(request, words, done=renewed, rest=len(ids) - renewed)


def _all_words(event: InboundEvent) -> str:
    if event.kind != InboundEvent.Kind.MESSAGE:
        return str(event.payload.get("status") or event.field)
    return " · ".join(part for part in reversed(said(event)) if part)
