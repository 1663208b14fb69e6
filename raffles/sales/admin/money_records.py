"""Payments, refunds and the players' accounts: looked at, never typed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.admin.export import Exports
from raffles.sales.admin.files import private_file, require_staff
from raffles.sales.admin.forms import method_label
from raffles.sales.admin.money_pages import step_buttons, step_urls
from raffles.sales.admin.money_steps import OF_REFUNDS
from raffles.sales.admin.order_page import refund_badge
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, link, money, row_link
from raffles.sales.admin.tables import PaymentTable
from raffles.sales.models import CreditEntry, Payment, Refund


class MoneyPage(RecordPage[Any]):
    list_per_page = 50
    ordering = ("-id",)
    read_with: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("order", "player", *self.read_with)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(str(field) for field in self.fields or ())

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, row: Payment | Refund | CreditEntry) -> SafeString | str:
        return row_link(row.order)

    @admin.display(description=_("player"), ordering="player")
    def player_shown(self, row: Payment | Refund | CreditEntry) -> SafeString | str:
        return row_link(row.player)

    @admin.display(description=_("amount"), ordering="amount_minor")
    def amount(self, row: Payment | Refund | CreditEntry) -> str:
        return money(row.amount_minor, row.currency)


@admin.register(Payment)
class PaymentAdmin(Exports, MoneyPage):
    table = PaymentTable
    actions = ("export_as_csv", "export_as_xlsx")
    list_display = (
        "amount",
        "order_shown",
        "player_shown",
        "method_shown",
        "reference",
        "confirmed_by",
        "confirmed_at",
    )
    list_filter = ("method", "confirmed_by", "currency")
    read_with = ("confirmed_by", "proof")
    date_hierarchy = "confirmed_at"
    search_fields = ("=order__code", "player__name", "reference", "reference_key")
    fields = (
        "amount",
        "order_shown",
        "player_shown",
        "proof_shown",
        "method_shown",
        "reference",
        "confirmed_by",
        "confirmed_at",
    )

    @admin.display(description=_("method"), ordering="method")
    def method_shown(self, payment: Payment) -> str:
        return method_label(payment.method) or NOTHING

    @admin.display(description=_("proof"))
    def proof_shown(self, payment: Payment) -> SafeString | str:
        return row_link(payment.proof)


@admin.register(Refund)
class RefundAdmin(MoneyPage):
    """The queue of what has to be sent back, and what became of it."""

    list_display = (
        "amount",
        "status_shown",
        "player_shown",
        "order_shown",
        "destination",
        "reason",
        "requested_at",
        "made_at",
    )
    list_filter = ("status", "currency", "requested_by", "made_by")
    read_with = ("requested_by", "made_by", "dropped_by")
    date_hierarchy = "requested_at"
    search_fields = ("=order__code", "player__name", "player__phone", "reason", "destination", "reference")
    fields = (
        "amount",
        "status_shown",
        "player_shown",
        "order_shown",
        "destination",
        "reason",
        "requested_by",
        "requested_at",
        "made_by",
        "made_at",
        "reference",
        "evidence_shown",
        "dropped_by",
        "dropped_at",
        "drop_reason",
        "what_next",
    )

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:refund_id>/file/", self.file_view, name="sales_refund_file")
        return [file, *step_urls(self, OF_REFUNDS), *super().get_urls()]

    def file_view(self, request: HttpRequest, refund_id: int) -> FileResponse:
        require_staff(self.admin_site, request, may_view=self.has_view_permission(request))
        refund = self.get_queryset(request).filter(pk=refund_id).first()
        if refund is None:
            raise Http404
        record(Deed.FILE_SEEN, subject=refund, label=f"#{refund.pk}", user=request.user)
        return private_file(refund.evidence, f"refund-{refund.pk}")

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        refund = super().get_object(request, *args, **options)
        if refund is not None:
            refund.buttons = step_buttons(refund, request.user, OF_REFUNDS)
        return refund

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, refund: Refund) -> SafeString:
        return refund_badge(refund)

    @admin.display(description=_("evidence"))
    def evidence_shown(self, refund: Refund) -> SafeString | str:
        if not refund.evidence:
            return NOTHING
        return link(reverse("admin:sales_refund_file", args=(refund.pk,)), _("evidence"))

    @admin.display(description=_("what next"))
    def what_next(self, refund: Refund) -> SafeString | str:
        return getattr(refund, "buttons", "") or NOTHING


@admin.register(CreditEntry)
class CreditEntryAdmin(MoneyPage):
    list_display = ("amount", "kind", "player_shown", "source_shown", "actor", "at")
    list_filter = ("kind", "currency")
    read_with = ("payment", "refund")
    date_hierarchy = "at"
    search_fields = ("=order__code", "player__name", "player__phone")
    fields = ("amount", "kind", "player_shown", "source_shown", "actor", "at")

    @admin.display(description=_("source"))
    def source_shown(self, entry: CreditEntry) -> SafeString:
        source = entry.payment or entry.order or entry.refund
        return format_html("{}", row_link(source))
