"""Four questions to a web process.

`/health/live`        is it there? Touches nothing else.
`/health/`            can it take a webhook: does it reach its rows?
`/health/ready`       does the whole product work, the worker too?
`/api/health-check/`  the same with every component named, for whoever knows the token.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.health_checks import check_database, complaints

TOKEN_HEADER = "X-Health-Check-Token"  # noqa: S105 - its name, not a secret


@require_safe
@never_cache
def live(_: HttpRequest) -> HttpResponseBase:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def health(_: HttpRequest) -> HttpResponseBase:
    try:
        check_database()
    except DatabaseError:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(_: HttpRequest) -> HttpResponseBase:
    failing = [f"{name}: {why}" for name, why in complaints().items() if why is not None]
    if failing:
        return HttpResponse("\n".join(failing), status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def health_check(request: HttpRequest) -> HttpResponseBase:
    """Without a token of its own this door does not exist."""
    if not settings.HEALTH_CHECK_TOKEN:
        raise Http404
    if not _knows_token(request):
        return JsonResponse({"detail": f"The header {TOKEN_HEADER} is missing or wrong."}, status=403)
    found = complaints()
    is_well = not any(found.values())
    components = {name: _component(why) for name, why in found.items()}
    return JsonResponse(
        {"status": "ok" if is_well else "failing", "components": components}, status=200 if is_well else 503
    )


def _knows_token(request: HttpRequest) -> bool:
    """Compared as bytes: a header with other characters than ASCII must be wrong, not an exception."""
    given = request.headers.get(TOKEN_HEADER, "").encode("utf-8", "replace")
    return hmac.compare_digest(settings.HEALTH_CHECK_TOKEN.encode(), given)


def _component(why: str | None) -> dict[str, str]:
    return {"status": "ok"} if why is None else {"status": "failing", "why": why}
