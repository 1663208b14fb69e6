"""The history of a row is what the audit log says of it: Django's own, which nobody here writes, is empty."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from raffles.audit.models import AuditEntry
from raffles.sales.admin.showing import list_url
from raffles.sales.sight import is_limited

# In the address of the log: of which row it shows the lines.
SUBJECT = "of"


def history_url(row: Model, user: Any) -> str:
    """Empty for who may not read the log, or would find none of its lines there; a line has no history."""
    may_read = user.has_perm("audit.view_auditentry") and not is_limited(user)
    if not may_read or isinstance(row, AuditEntry):
        return ""
    return list_url(AuditEntry, **{SUBJECT: f"{row._meta.label}:{row.pk}"})


def to_history(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    row = page.get_object(request, unquote(object_id))
    if row is None:
        raise Http404
    address = history_url(row, request.user)
    if not address or not page.has_view_or_change_permission(request, row):
        raise PermissionDenied
    return HttpResponseRedirect(address)
