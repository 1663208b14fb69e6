"""How values look to staff: a badge always carries words, a colour only helps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from raffles.sales.money import format_money

# Marked, so that the narrow lists can leave such a cell out.
NOTHING = mark_safe('<span class="desk-nothing">–</span>')
UNITS_SHOWN = 4


def badge(text: str | Promise, tone: str) -> SafeString:
    return format_html('<span class="desk-badge desk-{}">{}</span>', tone, text)


def named(name: str | Promise, value: object) -> SafeString:
    """For a cell that does not explain itself where narrow lists have no headings."""
    return format_html('<span class="desk-name">{}</span> {}', name, value)


def link(url: str, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)


def page_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=(row.pk,))


def list_url(model: type[Model], **filters: Any) -> str:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def may_open(user: Any, model: type[Model]) -> bool:
    """Whether the pages of these rows answer: a link to others would lead to a refusal."""
    app, name = model._meta.app_label, model._meta.model_name
    return bool(user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}"))


def row_link(row: Model | None, text: object = None) -> SafeString | str:
    return NOTHING if row is None else link(page_url(row), text or row)


def money(minor: int, currency: str) -> str:
    return format_money(minor, currency, get_language() or settings.LANGUAGE_CODE)


def moment(at: datetime | None) -> str:
    return NOTHING if at is None else date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def duration(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return _("under 1 min")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(days)d days") % {"days": minutes // (24 * 60)}


def ago(at: datetime | None, now: datetime) -> str:
    return NOTHING if at is None else _("%(duration)s ago") % {"duration": duration(now - at)}


def shortened(units: Sequence[str]) -> str:
    """The first few, and how many more."""
    shown = ", ".join(units[:UNITS_SHOWN])
    more = len(units) - UNITS_SHOWN
    return f"{shown} +{more}" if more > 0 else shown


def file_size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} kB"
