"""Only declared filters; any other name is refused, for a filter passed over shows wrong rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import fields
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from raffles.api.errors import UnknownField, UnknownOrdering

HIGHEST_ID = 2**63 - 1
# Each is looked for in every column there is to search.
MOST_WORDS = 10


class DeclaredFilters(filters.DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        if not request.query_params:  # most calls name none, and a form of them all is not made for nothing
            return queryset
        refuse_unknown(request, self._names(view, queryset))
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows

    def _names(self, view: Any, queryset: QuerySet[Any]) -> set[str]:
        """The document names the same ones."""
        declared = self.get_filterset_class(view, queryset)
        names = set() if declared is None else set(declared.base_filters)
        others = [Search(), Ordering(), *([view.paginator] if view.paginator else [])]
        return names.union(
            *({each["name"] for each in other.get_schema_operation_parameters(view)} for other in others)
        )


class Search(SearchFilter):
    def get_search_terms(self, request: Request) -> list[str]:
        words: list[str] = list(super().get_search_terms(request))
        if len(words) > MOST_WORDS:
            told = _("At most %(limit)d words.") % {"limit": MOST_WORDS}
            raise ValidationError({self.search_param: [told]})
        return words

    def get_search_fields(self, view: Any, request: Request) -> Any:
        """A program finds nothing by what it may not read: letter by letter it would read a name."""
        own = getattr(view, "own_search_fields", None)
        return super().get_search_fields(view, request) if own is None or view.as_staff else own

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not getattr(view, "search_fields", ()):
            return []
        return [
            {
                "name": self.search_param,
                "in": "query",
                "description": f"Words that all must occur, at most {MOST_WORDS}.",
                "schema": {"type": "string"},
            }
        ]


class Ordering(OrderingFilter):
    """By one declared field, and by the key where rows share a value: without it pages would overlap."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...] | None:
        asked = request.query_params.get(self.ordering_param, "")
        if not asked:
            return None
        if asked not in orderings_of(view):
            raise UnknownOrdering(self.ordering_param, asked)
        return (asked,) if asked.lstrip("-") == "id" else (asked, "-id" if asked[0] == "-" else "id")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = orderings_of(view)
        if not names:
            return []
        return [
            {
                "name": self.ordering_param,
                "in": "query",
                "description": "With `-`: the last first. Without this the newest come first.",
                "schema": {"type": "string", "enum": names},
            }
        ]


def orderings_of(view: Any) -> list[str]:
    return [f"{sign}{name}" for name in getattr(view, "ordering_fields", None) or () for sign in ("", "-")]


class Whole(filters.NumberFilter):
    """From 1 to `highest`."""

    def __init__(self, *, highest: int, **options: Any) -> None:
        super().__init__(min_value=1, max_value=highest, decimal_places=0, **options)
        extend_schema_field({"type": "integer", "minimum": 1, "maximum": highest})(self)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": HIGHEST_ID})
class Id(filters.NumberFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=HIGHEST_ID, decimal_places=0, **options)


class _InstantField(fields.IsoDateTimeField):
    def clean(self, value: Any) -> datetime | None:
        """In UTC, as it is stored: at the ends of the calendar there are instants that no database knows."""
        try:
            found: datetime | None = super().clean(value)
            return None if found is None else found.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class Instant(filters.IsoDateTimeFilter):
    """Since an instant, or before it: `lookup_expr` says which."""

    field_class = _InstantField


def refuse_unknown(request: Request, known: set[str]) -> None:
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise UnknownField(unknown)
