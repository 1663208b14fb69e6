"""Pages that stay whole while rows are added: each begins behind the last row of the one before."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor as Place
from rest_framework.pagination import CursorPagination, PageNumberPagination
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


class Cursor(CursorPagination):
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    ordering = "-id"

    def decode_cursor(self, request: Request) -> Place | None:
        """Somebody may have written one by hand: what cannot be a place is none."""
        place: Place | None = super().decode_cursor(request)
        if place is not None and place.position is not None:
            self._require_place(request, str(place.position))
        return place

    def _require_place(self, request: Request, position: str) -> None:
        view: Any = (request.parser_context or {})["view"]
        column = view.get_queryset().model._meta.get_field(self._first_column(request, view))
        try:
            column.to_python(position)
            if "\0" in position:
                raise ValueError
        except (ValueError, OverflowError, ValidationError):
            raise NotFound(self.invalid_cursor_message) from None

    def _first_column(self, request: Request, view: Any) -> str:
        ordering = self.get_ordering(request, view.get_queryset(), view)
        return str(ordering[0]).lstrip("-")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "required": ["next", "previous", "results"], "properties": _page_of(schema)}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {
            "description": "Comes with `next`; copy it and do not make one.",
            "schema": {"type": "string"},
        }
        return [{"name": "cursor", "in": "query", **cursor}, _size_parameter()]


class Pages(PageNumberPagination):
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        count = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": count, **_page_of(schema)},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        page = {"description": "Counted from 1.", "schema": {"type": "integer", "minimum": 1}}
        return [{"name": "page", "in": "query", **page}, _size_parameter()]


def _size_parameter() -> dict[str, Any]:
    return {
        "name": "page_size",
        "in": "query",
        "description": f"Rows of a page; more than {LARGEST_PAGE} are {LARGEST_PAGE}.",
        "schema": {"type": "integer", "minimum": 1, "default": PAGE_SIZE},
    }
