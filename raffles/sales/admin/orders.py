from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin import additions
from raffles.sales.admin.decision_pages import decide_many, decide_one
from raffles.sales.admin.decisions import CANCEL, CONFIRM, DECISIONS, REJECT
from raffles.sales.admin.export import Exports
from raffles.sales.admin.filters import ExpiryFilter, ProofFilter
from raffles.sales.admin.order_page import context_of, status_badge, time_left
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, ago, badge, money, row_link, shortened
from raffles.sales.admin.tables import OrderTable
from raffles.sales.models import Order, PaymentProof


class OrderList(ChangeList):
    """The page of orders, each with what it is about."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        orders = list(self.result_list)
        found = additions.glances(orders)
        for order in orders:
            order.glance = found[order.pk]
        self.result_list = orders


@admin.register(Order)
class OrderAdmin(Exports, RecordPage[Order]):
    table = OrderTable
    list_display = ("code", "status_shown", "who", "what", "amount", "left", "proof")
    list_filter = ("status", ProofFilter, ExpiryFilter, "kind", "currency")
    date_hierarchy = "created_at"
    search_fields = ("=code", "player__name", "player__phone")
    search_help_text = _("Order, player, phone, @username, raffle")
    ordering = ("-id",)
    actions = ("confirm_payments", "reject_proofs", "cancel_orders", "export_as_csv", "export_as_xlsx")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("player").prefetch_related("proofs")

    def get_changelist(self, request: HttpRequest, **_options: Any) -> type[ChangeList]:
        return OrderList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        words = search_term.strip()
        found, _duplicates = super().get_search_results(request, queryset, words)
        if not words:
            return found, False
        by_own_fields = Q(pk__in=found.order_by().values("pk"))
        return queryset.filter(by_own_fields | additions.search(words)), False

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, order: Order) -> SafeString:
        return status_badge(order)

    @admin.display(description=_("player"), ordering="player__name")
    def who(self, order: Order) -> SafeString | str:
        return row_link(order.player)

    @admin.display(description=_("what"))
    def what(self, order: Order) -> str:
        glance: additions.Glance = getattr(order, "glance")  # noqa: B009 - set by OrderList
        return f"{glance.title}: {shortened(glance.units)}"

    @admin.display(description=_("amount"), ordering="total_minor")
    def amount(self, order: Order) -> str:
        return money(order.total_minor, order.currency)

    @admin.display(description=_("time left"), ordering="expires_at")
    def left(self, order: Order) -> SafeString | str:
        return time_left(order, timezone.now()) or NOTHING

    @admin.display(description=_("proof"))
    def proof(self, order: Order) -> SafeString | str:
        proofs = list(order.proofs.all())
        waiting = [one.received_at for one in proofs if one.status == PaymentProof.Status.SUBMITTED]
        if waiting:
            return badge(f"{len(proofs)} · {ago(min(waiting), timezone.now())}", "look")
        return str(len(proofs)) if proofs else NOTHING

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return CONFIRM.is_permitted(request.user)

    def has_reject_permission(self, request: HttpRequest) -> bool:
        return REJECT.is_permitted(request.user)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return CANCEL.is_permitted(request.user)

    @admin.action(description=_("Confirm payments"), permissions=["confirm"])
    def confirm_payments(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse | None:
        return decide_many(self, request, orders, CONFIRM)

    @admin.action(description=_("Reject proofs"), permissions=["reject"])
    def reject_proofs(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse | None:
        return decide_many(self, request, orders, REJECT)

    @admin.action(description=_("Cancel orders"), permissions=["cancel"])
    def cancel_orders(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse | None:
        return decide_many(self, request, orders, CANCEL)

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:order_id>/{decision.name}/",
                self.admin_site.admin_view(partial(self.decide, decision=decision)),
                name=f"sales_order_{decision.name}",
            )
            for decision in DECISIONS
        ]
        return pages + super().get_urls()

    def decide(self, request: HttpRequest, order_id: int, *, decision: Any) -> HttpResponse:
        return decide_one(self, request, order_id, decision)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Read only: an order changes by decisions and never by a form of its fields."""
        if request.method not in {"GET", "HEAD"} or not self.has_view_permission(request):
            raise PermissionDenied
        order = self.get_object(request, unquote(object_id))
        if order is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            **context_of(order, request.user, timezone.now()),
            "opts": self.opts,
            "title": order.code,
        }
        return TemplateResponse(request, "admin/sales/order/page.html", context)
