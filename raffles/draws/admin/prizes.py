"""The prizes of a plan, typed on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib import admin
from django.http import HttpRequest

from raffles.draws.admin import additions
from raffles.draws.admin.forms import PrizeForm, PrizeForms
from raffles.draws.models import Draw, Prize

if TYPE_CHECKING:
    _Inline: TypeAlias = admin.StackedInline[Prize, Draw]
else:
    _Inline = admin.StackedInline


class PrizeInline(_Inline):
    model = Prize
    form, formset = PrizeForm, PrizeForms
    extra, min_num = 0, 1
    ordering = ("rank",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        found = super().get_formset(request, obj, validate_min=True, **options)
        offer = additions.offers([obj]).get(obj.pk) if obj is not None else None
        found.currency = offer.currency if offer else ""  # type: ignore[attr-defined]
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("draws.view_draw") or request.user.has_perm("draws.change_draw")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever writes the plan writes its prizes."""
        return request.user.has_perm("draws.change_draw")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
