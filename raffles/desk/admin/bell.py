"""How many notifications nobody has looked at, for the bell that every page carries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.translation import get_language, ngettext

from raffles.desk.models import StaffNotification
from raffles.sales.sight import seen_by

MOST = 99


def answer(request: HttpRequest) -> HttpResponse:
    """One query over an index, whatever lies there; nothing is sent again that the page knows."""
    unseen = seen_by(request.user, StaffNotification.objects.filter(seen_at=None)).order_by("-created_at")
    keys = list(unseen.values_list("pk", flat=True)[: MOST + 1])
    etag = f'"{len(keys)}-{max(keys, default=0)}-{get_language()}"'
    known = request.headers.get("If-None-Match") == etag
    response = HttpResponseNotModified() if known else JsonResponse(_shown(len(keys)))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _shown(count: int) -> dict[str, str]:
    words = ngettext("%(count)s notification not seen", "%(count)s notifications not seen", count)
    shown = f"{MOST}+" if count > MOST else str(count)
    return {"count": shown if count else "", "words": words % {"count": shown}}
