"""Proofs of payment: looked at, never typed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.admin.additions import safe_copy_of
from raffles.sales.admin.files import private_file, require_staff
from raffles.sales.admin.filters import SameFileFilter
from raffles.sales.admin.order_page import Twins, proof_badge, proof_url, twins_of
from raffles.sales.admin.pages import RecordPage
from raffles.sales.admin.showing import NOTHING, ago, file_size, page_url, row_link
from raffles.sales.models import PaymentProof


class ProofList(ChangeList):
    """The page of proofs, each with the other orders that the same file came with."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        proofs = list(self.result_list)
        found = twins_of(proofs, request.user)
        for proof in proofs:
            proof.twins = found[proof.pk]
        self.result_list = proofs


@admin.register(PaymentProof)
class PaymentProofAdmin(RecordPage[PaymentProof]):
    list_display = ("thumbnail", "order_shown", "status_shown", "twins_shown", "received", "fingerprint")
    list_display_links = None
    list_filter = ("status", SameFileFilter, "content_type")
    date_hierarchy = "received_at"
    search_fields = ("=order__code", "order__player__name", "^sha256")
    ordering = ("-id",)
    list_per_page = 20
    fields = (
        "preview",
        "order_shown",
        "status_shown",
        "twins_shown",
        "received_at",
        "content_type",
        "size_shown",
        "sha256",
        "decided_by",
        "decided_at",
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentProof]:
        return super().get_queryset(request).select_related("order__player")

    def get_changelist(self, request: HttpRequest, **_options: Any) -> type[ChangeList]:
        return ProofList

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_object(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        proof = super().get_object(request, *args, **options)
        if proof is not None:
            setattr(proof, "twins", twins_of([proof], request.user)[proof.pk])  # noqa: B010
        return proof

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:proof_id>/file/", self.file_view, name="sales_paymentproof_file")
        return [file, *super().get_urls()]

    def file_view(self, request: HttpRequest, proof_id: int) -> FileResponse:
        require_staff(self.admin_site, request, may_view=self.has_view_permission(request))
        proof = self.get_queryset(request).filter(pk=proof_id).first()
        if proof is None:
            raise Http404
        record(Deed.FILE_SEEN, subject=proof, label=proof.order.code, user=request.user)
        return private_file(proof.file, f"proof-{proof.pk}")

    @admin.display(description=_("proof"))
    def thumbnail(self, proof: PaymentProof) -> SafeString | str:
        copy = safe_copy_of(proof)
        return _picture(copy.thumbnail_url, proof, "desk-thumbnail") if copy else NOTHING

    @admin.display(description=_("proof"))
    def preview(self, proof: PaymentProof) -> SafeString | str:
        copy = safe_copy_of(proof)
        return _picture(copy.page_url, proof, "desk-picture") if copy else NOTHING

    @admin.display(description=_("order"), ordering="order")
    def order_shown(self, proof: PaymentProof) -> SafeString:
        return format_html("{} · {}", row_link(proof.order), proof.order.player)

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, proof: PaymentProof) -> SafeString:
        return proof_badge(proof)

    @admin.display(description=_("same file"))
    def twins_shown(self, proof: PaymentProof) -> SafeString | str:
        twins: Twins = getattr(proof, "twins", Twins())
        return _also_in(twins) if twins else NOTHING

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, proof: PaymentProof) -> str:
        return ago(proof.received_at, timezone.now())

    @admin.display(description=_("SHA-256"))
    def fingerprint(self, proof: PaymentProof) -> str:
        return proof.sha256[:12]

    @admin.display(description=_("size"))
    def size_shown(self, proof: PaymentProof) -> str:
        return file_size(proof.size)


def _picture(url: str, proof: PaymentProof, css: str) -> SafeString:
    """Drawn anew, never the file itself; that is a press away."""
    return format_html(
        '<a href="{}" target="_blank" rel="noopener"><img class="{}" src="{}" alt="{}" loading="lazy"></a>',
        proof_url(proof),
        css,
        url,
        _("Payment proof"),
    )


def _also_in(twins: Twins) -> SafeString:
    codes = format_html_join(
        ", ", '<a href="{}">{}</a>', [(page_url(order), order.code) for order in twins.orders]
    )
    elsewhere = _("an order of another raffle") if twins.is_elsewhere else ""
    return format_html(
        '<span class="desk-badge desk-bad">{} {} {}</span>', _("Same file as"), codes, elsewhere
    )
