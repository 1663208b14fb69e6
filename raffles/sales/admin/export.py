"""Rows as a file for spreadsheets and programs: its words do not change with the language of staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import Resource

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.workbook import MOST_ROWS, XLSX, workbook

BATCH = 500
# The headings are one; more than a sheet has take the CSV.
MOST_XLSX_ROWS = MOST_ROWS - 1
BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read UTF-8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Table(Resource):  # type: ignore[misc]  # import-export has no types
    """The columns of one kind of row. `personal` ones are left out for who may not see players."""

    name: ClassVar[str] = ""
    personal: ClassVar[frozenset[str]] = frozenset()

    def look_at(self, rows: Sequence[Any]) -> None:
        """What a whole batch needs is read at once."""

    def columns(self, user: User | AnonymousUser) -> list[Field]:
        may_see = user.has_perm("sales.view_player")
        names = [name for name in self.get_export_order() if may_see or name not in self.personal]
        return list(self.get_export_fields(names))

    def read(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def lines(self, rows: QuerySet[Any], columns: Sequence[Field]) -> Iterator[list[list[str]]]:
        """The headings first, then batch after batch."""
        yield [[column.column_name for column in columns]]
        for some in _batches(self.read(rows)):
            self.look_at(some)
            yield [[defused(str(self.export_field(column, row))) for column in columns] for row in some]


class Exports(ModelPage[Any]):
    """The two actions of a list: they take what is chosen, or all that the filters find."""

    table: ClassVar[type[Table]]

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_as_csv(self, request: HttpRequest, rows: QuerySet[Any]) -> StreamingHttpResponse:
        _note(request, rows)
        return as_csv(self.table(), rows, request.user)

    @admin.action(description=_("Export as Excel"), permissions=["view"])
    def export_as_xlsx(self, request: HttpRequest, rows: QuerySet[Any]) -> StreamingHttpResponse | None:
        if rows.count() > MOST_XLSX_ROWS:
            words = _now("Excel files hold %(most)d rows at most: choose fewer, or take the CSV.")
            messages.error(request, words % {"most": MOST_XLSX_ROWS})
            return None
        _note(request, rows)
        return as_xlsx(self.table(), rows, request.user)


def as_csv(table: Table, rows: QuerySet[Any], user: User | AnonymousUser) -> StreamingHttpResponse:
    parts = _csv_parts(table, rows, table.columns(user))
    return _file(parts, f"{table.name}.csv", "text/csv; charset=utf-8")


def as_xlsx(table: Table, rows: QuerySet[Any], user: User | AnonymousUser) -> StreamingHttpResponse:
    parts = workbook(table.lines(rows, table.columns(user)))
    return _file(parts, f"{table.name}.xlsx", XLSX)


def _file(parts: Iterable[str | bytes], name: str, kind: str) -> StreamingHttpResponse:
    """Leaves while it is read, so that its length is nobody's memory."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(parts, content_type=kind, headers=headers)


def _csv_parts(table: Table, rows: QuerySet[Any], columns: Sequence[Field]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for some in table.lines(rows, columns):
        yield _written(some)


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """By key and not by cursor: nothing stays open in the database while a slow browser reads."""
    found, last = rows.prefetch_related(None).order_by("pk"), 0
    while some := list(found.filter(pk__gt=last)[:BATCH]):
        yield some
        last = some[-1].pk


def _written(lines: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    return written.getvalue()


def _note(request: HttpRequest, rows: QuerySet[Any]) -> None:
    model: type[Model] = rows.model
    record(Deed.EXPORTED, user=request.user, label=model._meta.label, after={"rows": rows.count()})


def instant(at: datetime | None) -> str:
    return "" if at is None else localtime(at).isoformat(timespec="seconds")


def defused(cell: str) -> str:
    """A spreadsheet would run what begins with one of these signs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
