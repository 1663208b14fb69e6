"""A long list, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=Model)


def page_of(found: QuerySet[Row] | Sequence[Any], raw: str, per_page: int) -> Page[Any]:
    """`raw` is what was asked for, from 1 on. Raises BadRequest or Http404."""
    if not re.fullmatch(r"\d{1,6}", raw, flags=re.ASCII):
        raise BadRequest("page")
    try:
        return Paginator(found, per_page).page(int(raw))
    except EmptyPage:
        raise Http404("page") from None
