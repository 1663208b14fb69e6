"""Who won what. Who may see orders does not see this yet; who may is written down at each look."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.admin.award_steps import STEPS
from raffles.draws.admin.filters import AmountFilter, ClaimFilter
from raffles.draws.admin.showing import award_badge, prize_amount
from raffles.draws.admin.steps import buttons, step_urls
from raffles.draws.admin.tables import AwardTable
from raffles.draws.models import Award
from raffles.sales.admin import additions
from raffles.sales.admin.export import Exports
from raffles.sales.admin.files import private_file, require_staff
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, ago, link, moment, named, row_link
from raffles.sales.models import Order

FOUND_BY = ("=order__code", "=draw__code")
SHORTEST_PHONE, LONGEST_NUMBER = 6, 9


@admin.register(Award)
class AwardAdmin(Exports, RecordPage[Award]):
    """A list names no winner: only the page of one prize does."""

    table = AwardTable
    actions = ("export_as_csv", "export_as_xlsx")
    list_display = ("number_shown", "draw_shown", "prize_shown", "amount", "status_shown", "deadline")
    list_filter = (
        ClaimFilter,
        "status",
        AmountFilter,
        ("draw", admin.RelatedOnlyFieldListFilter),
        ("prize", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("draw", "prize", "order")
    date_hierarchy = "won_at"
    search_fields = FOUND_BY
    search_help_text = _("Number, order, draw, player, phone, @username")
    ordering = ("-id",)
    change_form_template = "admin/draws/award/page.html"
    fields = (
        "number_shown",
        "draw_shown",
        "prize_shown",
        "amount",
        "status_shown",
        "order_shown",
        "player_shown",
        "won",
        "deadline",
        "claimed",
        "public",
        "handed_over",
        "hand_over_note",
        "proof",
        "lost",
        "lost_note",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if request.user.has_perm("sales.view_player"):
            return self.fields
        return tuple(name for name in self.fields if name != "player_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Award]:
        return super().get_queryset(request).select_related("draw", "prize", "order")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """By name only who may see players."""
        return (*FOUND_BY, "player__name") if request.user.has_perm("sales.view_player") else FOUND_BY

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Award], search_term: str
    ) -> tuple[QuerySet[Award], bool]:
        """`7` and `007` find the number 7, and no phone that has a 7."""
        words = search_term.strip()
        found, duplicates = super().get_search_results(request, queryset, words)
        if not words:
            return found, duplicates
        known = Q(pk__in=found.order_by().values("pk"))
        if words.isascii() and words.isdigit() and len(words) < SHORTEST_PHONE:
            return queryset.filter(Q(number=int(words)) | Q(order__code=words) | Q(draw__code=words)), False
        if words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER:
            known |= Q(number=int(words))
        if request.user.has_perm("sales.view_player"):
            chats = Order.objects.filter(additions.search(words))
            known |= Q(order__in=chats.values("pk")) | _has_phone(words)
        return queryset.filter(known), False

    def get_urls(self) -> list[URLPattern]:
        proof = path("<int:award_id>/proof/", self.proof_view, name="draws_award_proof")
        return [proof, *step_urls(self, STEPS), *super().get_urls()]

    def proof_view(self, request: HttpRequest, award_id: int) -> FileResponse:
        require_staff(self.admin_site, request, may_view=self.has_view_permission(request))
        award = self.get_queryset(request).filter(pk=award_id).first()
        if award is None:
            raise Http404
        record(Deed.FILE_SEEN, subject=award, label=_label(award), user=request.user)
        return private_file(award.hand_over_proof, f"award-{award.pk}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        award = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = {**(extra_context or {})}
        if award is not None:
            context["steps"] = buttons(STEPS, award, request.user, timezone.now())
            if request.method in {"GET", "HEAD"}:
                record(Deed.AWARD_SEEN, subject=award, label=_label(award), user=request.user)
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("number"), ordering="number")
    def number_shown(self, award: Award) -> SafeString:
        return named(_("number"), award.number)

    @admin.display(description=_("draw"), ordering="draw")
    def draw_shown(self, award: Award) -> SafeString | str:
        return row_link(award.draw)

    @admin.display(description=_("prize"), ordering="prize__rank")
    def prize_shown(self, award: Award) -> str:
        unit = f" ({award.unit}/{award.prize.quantity})" if award.prize.quantity > 1 else ""
        return f"{award.prize}{unit}"

    @admin.display(description=_("amount"), ordering="prize__amount_minor")
    def amount(self, award: Award) -> str:
        return prize_amount(award.prize)

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, award: Award) -> SafeString:
        return award_badge(award)

    @admin.display(description=_("claim until"), ordering="claim_until")
    def deadline(self, award: Award) -> SafeString:
        return named(_("claim until"), moment(award.claim_until))

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, award: Award) -> SafeString | str:
        return row_link(award.order)

    @admin.display(description=_("winner"))
    def player_shown(self, award: Award) -> SafeString | str:
        return row_link(award.player, f"{award.player} {award.player.phone}".strip())

    @admin.display(description=_("won at"))
    def won(self, award: Award) -> str:
        return moment(award.won_at)

    @admin.display(description=_("claimed at"))
    def claimed(self, award: Award) -> str:
        at = award.claimed_at
        return NOTHING if at is None else f"{moment(at)} ({ago(at, timezone.now())})"

    @admin.display(description=_("shown in public"))
    def public(self, award: Award) -> str:
        shown = award.get_shown_display()
        return f"{shown}: {award.shown_text}" if award.shown_text else str(shown)

    @admin.display(description=_("handed over"))
    def handed_over(self, award: Award) -> str:
        at = award.handed_over_at
        return NOTHING if at is None else f"{moment(at)}, {award.handed_over_by}"

    @admin.display(description=_("proof of the hand-over"))
    def proof(self, award: Award) -> SafeString | str:
        if not award.hand_over_proof:
            return NOTHING
        return link(reverse("admin:draws_award_proof", args=(award.pk,)), _("Open the file"))

    @admin.display(description=_("lost"))
    def lost(self, award: Award) -> str:
        return (
            NOTHING if award.lost_at is None else f"{moment(award.lost_at)}: {award.get_lost_why_display()}"
        )


def _label(award: Award) -> str:
    return f"{award.draw.code} {award.number}"


def _has_phone(words: str) -> Q:
    """A phone, or much of one: nearly every phone has the few digits of a number."""
    digits = re.sub(r"[-+().\s]", "", words)
    is_phone = digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_PHONE
    return Q(player__phone__contains=digits) if is_phone else Q(pk__in=())
