"""Pages that stay whole while rows are added: each begins behind the last row of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.timezone import is_naive
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor as Place
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

PAGE_SIZE = 50
LARGEST_PAGE = 200


def _page_of(schema: dict[str, Any]) -> dict[str, Any]:
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "next": {**link, "description": "Where to read on; null on the last page."},
        "previous": {**link, "description": "Null on the first page."},
        "results": schema,
    }


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(name: str, value: Any, or_at: str = "") -> Q:
    return Q(**{f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}{or_at}": value})


def _value_of(column: Any, written: str) -> Any:
    """Instants as they are stored: one that no database knows must not reach it."""
    value = column.to_python(written)
    if "\0" in written or (isinstance(value, datetime) and is_naive(value)):
        raise ValueError
    return value.astimezone(UTC) if isinstance(value, datetime) else value


class Cursor(CursorPagination):
    """A place is the key of a row, and before it the value it is ordered by: no two rows share one.

    The library's own places are values alone, and pass over rows where more than a thousand share one.
    """

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    ordering: str | list[str] | tuple[str, ...] = "-id"
    # What rows are ordered by that is no column of theirs.
    reckoned: ClassVar[Mapping[str, Field[Any, Any]]] = {}

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = self.get_page_size(request) or PAGE_SIZE
        self.base_url = request.build_absolute_uri()
        self.ordering = self.get_ordering(request, queryset, view)
        self.cursor = self.decode_cursor(request)
        found = list(self._from_place(queryset)[: size + 1])
        self.page = found[:size]
        self.has_next, self.has_previous = len(found) > size, self.cursor is not None
        if self.cursor is not None and self.cursor.reverse:
            self.page.reverse()
            self.has_next, self.has_previous = self.has_previous, self.has_next
        return self.page

    def get_next_link(self) -> str | None:
        return self._link(-1, back=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(0, back=True) if self.has_previous else None

    def _from_place(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        is_back = self.cursor is not None and self.cursor.reverse
        order = [_turned(name) if is_back else name for name in self.ordering]
        if self.cursor is not None and self.cursor.position is not None:
            rows = rows.filter(self._behind(order, rows.model, str(self.cursor.position)))
        return rows.order_by(*order)

    def _behind(self, order: list[str], model: type[Model], position: str) -> Q:
        """In words that an index of the column alone can follow."""
        key, has_value, value = position.partition(" ")
        behind = _beyond(order[-1], self._read(model, order[-1], key))
        if bool(has_value) != (len(order) == 2):
            raise NotFound(self.invalid_cursor_message)
        if not has_value:
            return behind
        there = self._read(model, order[0], value)
        return _beyond(order[0], there, or_at="e") & (_beyond(order[0], there) | behind)

    def _read(self, model: type[Model], name: str, written: str) -> Any:
        """Somebody may have written one by hand: what cannot be a place is none."""
        column = name.lstrip("-")
        try:
            return _value_of(self.reckoned.get(column) or model._meta.get_field(column), written)
        except (ValueError, OverflowError, ValidationError):
            raise NotFound(self.invalid_cursor_message) from None

    def _link(self, at: int, *, back: bool) -> str:
        """From a page whose rows have all gone it leads to where that page began."""
        here = self.cursor.position if self.cursor is not None else None
        position: Any = self._get_position_from_instance(self.page[at], self.ordering) if self.page else here
        return self.encode_cursor(Place(offset=0, reverse=back, position=position))

    def _get_position_from_instance(self, instance: Any, ordering: Sequence[str]) -> str:
        *others, key = (str(getattr(instance, name.lstrip("-"))) for name in ordering)
        return " ".join([key, *others])

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "required": ["next", "previous", "results"], "properties": _page_of(schema)}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {
            "description": "Comes with `next`; copy it and do not make one.",
            "schema": {"type": "string"},
        }
        return [{"name": "cursor", "in": "query", **cursor}, _size_parameter()]


def _size_parameter() -> dict[str, Any]:
    return {
        "name": "page_size",
        "in": "query",
        "description": f"Rows of a page; more than {LARGEST_PAGE} are {LARGEST_PAGE}.",
        "schema": {"type": "integer", "minimum": 1, "default": PAGE_SIZE},
    }
