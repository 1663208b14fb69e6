"""Orders as a file for spreadsheets and programs: its words do not change with the language of staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.timezone import localtime

from raffles.sales.admin.additions import Glance, glances
from raffles.sales.admin.amounts import write_amount
from raffles.sales.models import Order

COLUMNS = (
    "code",
    "status",
    "player",
    "phone",
    "raffle code",
    "numbers",
    "amount",
    "currency",
    "created",
    "confirmed",
    "closed",
)
ROWS = 500
BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read UTF-8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def orders_as_csv(orders: QuerySet[Order]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        _parts(orders),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="orders.csv"'},
    )


def _parts(orders: QuerySet[Order]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    for some in _batches(orders):
        found = glances(some)
        yield _lines(_cells(order, found[order.pk]) for order in some)


def _batches(orders: QuerySet[Order]) -> Iterator[list[Order]]:
    """By key and not by cursor: nothing stays open in the database while a slow browser reads."""
    rows, last = orders.select_related("player").prefetch_related(None).order_by("pk"), 0
    while some := list(rows.filter(pk__gt=last)[:ROWS]):
        yield some
        last = some[-1].pk


def _cells(order: Order, glance: Glance) -> tuple[str, ...]:
    return (
        order.code,
        order.status,
        order.player.name,
        order.player.phone,
        glance.code,
        ", ".join(glance.units),
        write_amount(order.total_minor, order.currency),
        order.currency,
        _instant(order.created_at),
        _instant(order.confirmed_at),
        _instant(order.closed_at),
    )


def _instant(at: datetime | None) -> str:
    return "" if at is None else localtime(at).isoformat(timespec="seconds")


def _lines(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([defused(cell) for cell in row] for row in rows)
    return written.getvalue()


def defused(cell: str) -> str:
    """A spreadsheet would run what begins with one of these signs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
