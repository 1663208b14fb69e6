"""The dashboard at /admin/dashboard/: for whoever looks after all raffles, not for organisers of some."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.dashboard import figures

NEEDED = ("sales.view_order", "sales.view_payment", "sales.view_creditentry", "whatsapp.view_outboundmessage")


def may_see(request: HttpRequest) -> bool:
    return request.user.has_perms(NEEDED)


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    if not may_see(request):
        raise PermissionDenied
    now = timezone.now()
    priced = figures.messages_by_price(now)
    context = {
        **admin.site.each_context(request),
        "title": _("Dashboard"),
        "proofs": figures.proofs_by_age(now),
        "holds": figures.holds_running_out(now),
        "draws": figures.next_draws(now) if request.user.has_perm("draws.view_draw") else [],
        "sales": figures.sales_by_hour(now),
        "revenue": figures.revenue(now),
        "shares": figures.sell_through(),
        "others": figures.other_raffles(),
        "priced": figures.prices_in_words(priced),
        "per_order": figures.talk_per_order(now, priced),
        "health": figures.health(now),
    }
    return TemplateResponse(request, "admin/dashboard.html", context)


view = admin.site.admin_view(dashboard)
