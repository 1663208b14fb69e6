from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse

from config.empty_lists import nothing_yet
from config.jazzmin import ICONS

register = template.Library()


@register.inclusion_tag("admin/empty_list.html", takes_context=True)
def empty_list(context: template.Context, rows: ChangeList, may_add: bool) -> dict[str, Any]:
    """Why a list is empty: what was asked for leaves nothing over, or there is nothing yet."""
    label = rows.opts.label_lower
    popup = "?_popup=1" if rows.is_popup else ""
    add = reverse(f"admin:{rows.opts.app_label}_{rows.opts.model_name}_add") if may_add else ""
    return {
        "icon": ICONS[label],
        "is_narrowed": _is_narrowed(rows),
        "everything": popup or "?",
        "sentence": nothing_yet(label, context["request"].user),
        "add_url": add and add + popup,
    }


def _is_narrowed(rows: ChangeList) -> bool:
    """One more query, which only who sees an empty list pays for."""
    return bool(rows.query or rows.filter_params) and rows.root_queryset.exists()
