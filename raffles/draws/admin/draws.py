"""Draws: the form of a plan, and the page of what was published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin import additions
from raffles.draws.admin.additions import Offer
from raffles.draws.admin.coverage_panel import Plan, panel_of
from raffles.draws.admin.draw_page import context_of, facts_of_plan
from raffles.draws.admin.draw_steps import STEPS
from raffles.draws.admin.filters import NextFilter
from raffles.draws.admin.forms import OF_ALL, OF_LOTTERIES, DrawForm
from raffles.draws.admin.picture_step import PICTURE
from raffles.draws.admin.prizes import PrizeInline
from raffles.draws.admin.showing import draw_badge, trouble_badge
from raffles.draws.admin.steps import step_urls
from raffles.draws.admin.trail import note_plan, plan_of
from raffles.draws.models import Draw, Prize
from raffles.draws.subjects import subject_of
from raffles.sales.admin.files import private_file, require_staff
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import NOTHING, moment, named

PLANNED = Draw.Status.PLANNED


class DrawList(ChangeList):
    """The page of draws, each with what it is about."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        draws = list(self.result_list)
        found = additions.offers(draws)
        for draw in draws:
            draw.offer = found.get(draw.pk)
        self.result_list = draws


@admin.register(Draw)
class DrawAdmin(ModelPage[Draw]):
    form = DrawForm
    inlines = (PrizeInline,)
    list_display = ("code", "title", "status_shown", "method", "closes", "draws", "entries", "trouble_shown")
    list_display_links = ("code", "title")
    list_filter = (NextFilter, "status", "method")
    date_hierarchy = "draws_at"
    search_fields = ("code",)
    search_help_text = _("Code, raffle")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/draws/draw/plan.html"
    fieldsets = (
        (None, {"fields": OF_ALL}),
        (
            _("Official lottery"),
            {
                "fields": OF_LOTTERIES,
                "classes": ("draw-lottery",),
                "description": _("Which of its drawings counts, and how a result is read."),
            },
        ),
    )

    def get_changelist(self, request: HttpRequest, **_options: Any) -> type[ChangeList]:
        return DrawList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Draw], search_term: str
    ) -> tuple[QuerySet[Draw], bool]:
        words = search_term.strip()
        found, duplicates = super().get_search_results(request, queryset, words)
        if not words:
            return found, duplicates
        return queryset.filter(Q(pk__in=found.order_by().values("pk")) | additions.search(words)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is made from the page of what is on sale."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By a form only while it is a plan; afterwards by steps."""
        return super().has_change_permission(request, obj) and (obj is None or obj.status == PLANNED)

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                "<int:draw_id>/coverage/",
                self.admin_site.admin_view(self.coverage),
                name="draws_draw_coverage",
            ),
            path("<int:draw_id>/prizes/<int:prize_id>/", self.picture_view, name="draws_draw_picture"),
        ]
        return [*pages, *step_urls(self, (*STEPS, PICTURE)), *super().get_urls()]

    def coverage(self, request: HttpRequest, draw_id: int) -> HttpResponse:
        """What the rule would do with every number, for the fields as they are being typed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        draw = self.get_queryset(request).filter(pk=draw_id).first()
        if draw is None:
            raise Http404
        panel = panel_of(Plan.typed(draw, request.GET.dict()), subject_of(draw).terms(draw))
        return TemplateResponse(request, "admin/draws/draw/coverage.html", {"panel": panel})

    def picture_view(self, request: HttpRequest, draw_id: int, prize_id: int) -> FileResponse:
        require_staff(self.admin_site, request, may_view=self.has_view_permission(request))
        prize = Prize.objects.filter(draw__in=self.get_queryset(request), draw=draw_id, pk=prize_id).first()
        if prize is None:
            raise Http404
        return private_file(prize.picture, f"prize-{prize.pk}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with transaction.atomic():
            draw = self._found(request, object_id)
            if self.has_change_permission(request, draw):
                context = {**(extra_context or {}), **self._beside(draw, request)}
                return super().change_view(request, object_id, form_url, context)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **context_of(draw, request.user, timezone.now()),
            "opts": self.opts,
            "title": draw.code,
        }
        return TemplateResponse(request, "admin/draws/draw/page.html", context)

    def _found(self, request: HttpRequest, object_id: str) -> Draw:
        """Whoever saves holds the row: published meanwhile it is no plan any more."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        draw = self.get_object(request, unquote(object_id))
        if draw is None:
            raise Http404
        if request.method == "POST":
            draw.refresh_from_db(from_queryset=Draw.objects.select_for_update(no_key=True))
        return draw

    def _beside(self, draw: Draw, request: HttpRequest) -> dict[str, Any]:
        now = timezone.now()
        terms = subject_of(draw).terms(draw)
        return {
            "offer": additions.offers([draw]).get(draw.pk),
            "status": draw_badge(draw, now),
            "panel": panel_of(Plan.of(draw), terms),
            "facts": facts_of_plan(terms),
            "links": list(additions.links_of(draw, request.user, now)),
        }

    def save_model(self, request: HttpRequest, obj: Draw, form: Any, change: bool) -> None:
        request.plan_before = plan_of(obj.pk)  # type: ignore[attr-defined]  # until its prizes are saved too
        obj.save(update_fields=form.changed_data)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        note_plan(form.instance, request.plan_before, user=request.user)  # type: ignore[attr-defined]

    @admin.display(description=_("title"))
    def title(self, draw: Draw) -> str:
        offer = self._offer(draw)
        return offer.title if offer else NOTHING

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, draw: Draw) -> SafeString:
        return draw_badge(draw, timezone.now())

    @admin.display(description=_("sales close at"), ordering="closes_at")
    def closes(self, draw: Draw) -> SafeString:
        offer = self._offer(draw)
        at = draw.closes_at or (offer.closes_at if offer else None)
        return named(_("sales close at"), moment(at))

    @admin.display(description=_("draw at"), ordering="draws_at")
    def draws(self, draw: Draw) -> SafeString:
        offer = self._offer(draw)
        return named(_("draw at"), moment(draw.draws_at or (offer.draws_at if offer else None)))

    @admin.display(description=_("entries"), ordering="entry_count")
    def entries(self, draw: Draw) -> SafeString | str:
        return NOTHING if draw.entry_count is None else named(_("entries"), draw.entry_count)

    @admin.display(description=_("trouble"), ordering="trouble")
    def trouble_shown(self, draw: Draw) -> SafeString:
        return trouble_badge(draw)

    def _offer(self, draw: Draw) -> Offer | None:
        return getattr(draw, "offer", None)
