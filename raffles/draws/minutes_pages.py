"""The minutes for staff, as a PDF to sign and as JSON. Who issued which is in the log by its digest."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from raffles.draws.actions import issue_minutes
from raffles.draws.minutes import Minutes
from raffles.draws.models import Draw
from raffles.sales.admin.files import SEALED, SEALED_PDF, require_staff
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import page_url
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor
from raffles.sales.rights import require_decision
from raffles.sales.sight import seen_by

MAY = "draws.issue_minutes"


@require_GET
@never_cache
def as_pdf(request: HttpRequest, draw_id: int) -> HttpResponse:
    """The library that draws it is loaded with the first one: twelve megabytes in each process."""
    from raffles.draws.minutes_pdf import pdf_of  # noqa: PLC0415

    draw, now = _draw(request, draw_id), timezone.now()
    try:
        minutes = issue_minutes(draw_id=draw.pk, actor=Actor.staff(_user(request)), now=now)
    except Refusal as refusal:
        return _refused(request, draw, refusal)
    return _file(minutes, pdf_of(minutes, issued_at=now), "application/pdf", "pdf", SEALED_PDF)


@require_GET
@never_cache
def as_json(request: HttpRequest, draw_id: int) -> HttpResponse:
    draw, now = _draw(request, draw_id), timezone.now()
    try:
        minutes = issue_minutes(draw_id=draw.pk, actor=Actor.staff(_user(request)), now=now)
    except Refusal as refusal:
        return _refused(request, draw, refusal)
    return _file(minutes, minutes.text.encode(), "application/json", "json", SEALED)


def _draw(request: HttpRequest, draw_id: int) -> Draw:
    """Of those that they may see; the others are not there."""
    require_staff(admin.site, request, may_view=request.user.has_perm("draws.view_draw"))
    require_decision(request.user, MAY)
    draw = seen_by(request.user, Draw.objects.all()).filter(pk=draw_id).first()
    if draw is None:
        raise Http404
    return draw


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - whoever is not was refused
    return request.user


def _refused(request: HttpRequest, draw: Draw, refusal: Refusal) -> HttpResponse:
    sentence = in_words(refusal)
    messages.error(request, sentence[:1].upper() + sentence[1:])
    return HttpResponseRedirect(page_url(draw))


def _file(minutes: Minutes, content: bytes, kind: str, ending: str, sealed: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{minutes.code}-minutes.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = sealed
    return response
