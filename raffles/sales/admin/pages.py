"""What the admin pages of every room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from raffles.sales.admin.history import to_history
from raffles.sales.sight import seen_by

_Row = TypeVar("_Row", bound=Model)

if TYPE_CHECKING:

    class ModelPage(admin.ModelAdmin[_Row]): ...

    class RowForm(forms.ModelForm[_Row]): ...

else:

    class ModelPage(admin.ModelAdmin, Generic[_Row]):
        def get_queryset(self, request: HttpRequest) -> QuerySet[_Row]:
            """The one place where lists, pages and bulk actions lose what somebody may not see."""
            return seen_by(request.user, super().get_queryset(request))

        def history_view(
            self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
        ) -> HttpResponse:
            return to_history(self, request, object_id)

    class RowForm(forms.ModelForm, Generic[_Row]):
        pass


class RecordPage(ModelPage[_Row]):
    """Rows that actions make and that are read here: nothing is typed, added or deleted."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
