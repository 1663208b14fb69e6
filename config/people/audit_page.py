"""The audit log, to be read and carried away; nothing here writes, except that somebody carried it away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from raffles.sales.admin.export import BYTE_ORDER_MARK, defused
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING

COLUMNS = ("at", "actor", "action", "subject type", "subject id", "subject", "before", "after", "reason")
ROWS = 500
DEEDS: dict[str, Any] = dict(Deed.choices)


class DeedFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return list(DEEDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() in DEEDS else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordPage[AuditEntry]):
    list_display = ("at", "who", "deed", "subject_label", "changes", "reason")
    list_filter = (DeedFilter, ("user", admin.RelatedOnlyFieldListFilter))
    date_hierarchy = "at"
    search_fields = ("actor", "subject_label", "=subject_id", "reason")
    search_help_text = _("Person, order, raffle, reason")
    ordering = ("-id",)
    actions = ("export_as_csv",)
    fields = ("at", "who", "deed", "subject_type", "subject_id", "subject_label", "changes", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    @admin.display(description=_("person"), ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor.removeprefix("staff:")

    @admin.display(description=_("action"), ordering="action")
    def deed(self, entry: AuditEntry) -> str:
        return str(DEEDS.get(entry.action, entry.action))

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> SafeString:
        names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
        rows = [(name, _told(entry.before.get(name)), _told(entry.after.get(name))) for name in names]
        return format_html_join("", "<div>{}: {} → {}</div>", rows) or NOTHING

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_as_csv(self, request: HttpRequest, entries: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        record(
            Deed.EXPORTED, user=request.user, label=AuditEntry._meta.label, after={"rows": entries.count()}
        )
        return StreamingHttpResponse(
            _parts(entries),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )


def _told(value: Any) -> SafeString | str:
    if value in (None, "", [], {}):
        return NOTHING
    return format_html("{}", value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False))


def _parts(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """By key and not by cursor: nothing stays open in the database while a slow browser reads."""
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    rows, last = entries.order_by("pk"), 0
    while some := list(rows.filter(pk__gt=last)[:ROWS]):
        yield _lines([_cells(entry) for entry in some])
        last = some[-1].pk


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        localtime(entry.at).isoformat(timespec="seconds"),
        entry.actor,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.subject_label,
        json.dumps(entry.before, ensure_ascii=False),
        json.dumps(entry.after, ensure_ascii=False),
        entry.reason,
    )


def _lines(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([defused(cell) for cell in row] for row in rows)
    return written.getvalue()
