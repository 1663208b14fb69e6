"""The audit log, to be read and carried away; nothing here writes, except that somebody carried it away.

Pages say it in the reader's words. The file has it as it is stored, so that programs can compare it with the
database and with files of other days.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from config.people.audit_money import currencies_of, model_of
from config.people.audit_words import changes_of
from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from raffles.sales.admin.export import BYTE_ORDER_MARK, defused
from raffles.sales.admin.history import SUBJECT
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING

COLUMNS = ("at", "actor", "action", "subject type", "subject id", "subject", "before", "after", "reason")
ROWS = 500
DEEDS: dict[str, Any] = dict(Deed.choices)
# Who acts and is no user; in the log and its file they keep these names.
NO_PERSON = {"player": _("player"), "clock": _("by itself"), "nobody": _("nobody")}


class DeedFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return list(DEEDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(action=self.value()) if self.value() in DEEDS else queryset


class SubjectFilter(admin.SimpleListFilter):
    """Set by the button “History” of a page, and offered only then: there are as many subjects as rows."""

    title = _("subject")
    parameter_name = SUBJECT

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        subject = request.GET.get(SUBJECT, "")
        return [(subject, _named(subject))] if subject else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return _of(queryset, self.value() or "")


def _of(entries: QuerySet[AuditEntry], subject: str) -> QuerySet[AuditEntry]:
    model, _colon, pk = subject.partition(":")
    return entries.filter(subject_type=model, subject_id=pk) if subject else entries


def _named(subject: str) -> str:
    """As the log names it, which says no more of a person than their number."""
    newest = _of(AuditEntry.objects.all(), subject).order_by("-pk").first()
    return newest.subject_label if newest is not None else subject


class AuditList(ChangeList):
    """A page of lines, each with the currency of its money: asked for once for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = _with_currencies(list(self.result_list))


def _with_currencies(entries: list[AuditEntry]) -> list[AuditEntry]:
    found = currencies_of(entries)
    for entry in entries:
        setattr(entry, "currency", found.get(entry.pk, ""))  # noqa: B010 - for the cells of the row
    return entries


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordPage[AuditEntry]):
    list_display = ("at", "who", "deed", "subject_label", "changes", "reason")
    list_filter = (SubjectFilter, DeedFilter, ("user", admin.RelatedOnlyFieldListFilter))
    date_hierarchy = "at"
    search_fields = ("actor", "subject_label", "=subject_id", "reason")
    search_help_text = _("Person, order, raffle, reason")
    ordering = ("-id",)
    actions = ("export_as_csv",)
    fields = ("at", "who", "deed", "subject_kind", "subject_id", "subject_label", "changes", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_changelist(self, request: HttpRequest, **_options: Any) -> type[ChangeList]:
        return AuditList

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> AuditEntry | None:
        entry = super().get_object(request, *args, **options)
        return _with_currencies([entry])[0] if entry is not None else None

    @admin.display(description=_("subject type"))
    def subject_kind(self, entry: AuditEntry) -> str:
        model = model_of(entry.subject_type)
        return str(model._meta.verbose_name) if model is not None else entry.subject_type or NOTHING

    @admin.display(description=_("person"), ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return str(NO_PERSON.get(entry.actor, entry.actor.removeprefix("staff:")))

    @admin.display(description=_("action"), ordering="action")
    def deed(self, entry: AuditEntry) -> str:
        return str(DEEDS.get(entry.action, entry.action))

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> SafeString:
        told = changes_of(entry, getattr(entry, "currency", ""))
        if not entry.before:
            return (
                format_html_join("", "<div>{}: {}</div>", [(name, now) for name, _was, now in told])
                or NOTHING
            )
        return format_html_join("", "<div>{}: {} → {}</div>", told)

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
