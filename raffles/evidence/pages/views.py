from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.evidence.actions import StillPrepared, compare_proofs, copy_proof
from raffles.evidence.findings import Sheet
from raffles.evidence.queries import evidence_of
from raffles.evidence.reader import ReaderFailed
from raffles.evidence.wording import in_words, text_in_words
from raffles.sales.admin.files import SEALED, require_staff
from raffles.sales.admin.order_page import proof_badge, proof_url, status_badge
from raffles.sales.admin.showing import money, page_url
from raffles.sales.models import PaymentProof
from raffles.sales.sight import seen_by


@require_safe
def receipt(request: HttpRequest, proof_id: int, page: int) -> FileResponse | HttpResponse:
    """503 while the worker prepares what takes long; the page that shows it asks again."""
    proof = _seen_proof(request, proof_id)
    try:
        pages = copy_proof(proof=proof, now=timezone.now()).pages
    except StillPrepared:
        return HttpResponse(status=503, headers={"Retry-After": "3", "Cache-Control": "private, no-store"})
    except ReaderFailed:
        raise Http404 from None
    if not 1 <= page <= len(pages):
        raise Http404
    if page == 1:  # the other pages of a document come with its first
        record(Deed.FILE_SEEN, subject=proof, label=proof.order.code, user=request.user)
    return _picture(pages[page - 1], f"receipt-{proof.pk}-{page}.jpg")


@require_safe
def compared(request: HttpRequest, proof_id: int, other_id: int, side: int) -> FileResponse:
    proof, other = _seen_proof(request, proof_id), _seen_proof(request, other_id)
    if side not in {1, 2}:
        raise Http404
    seen = proof if side == 1 else other
    record(Deed.FILE_SEEN, subject=seen, label=seen.order.code, user=request.user)
    try:
        names = compare_proofs(proof=proof, other=other)
    except ReaderFailed:
        raise Http404 from None
    return _picture(names[side - 1], f"compared-{proof.pk}-{other.pk}-{side}.jpg")


@require_safe
def compare(request: HttpRequest, proof_id: int, other_id: int) -> HttpResponse:
    proofs = [_seen_proof(request, each) for each in (proof_id, other_id)]
    if proof_id == other_id:
        raise Http404
    sheets = evidence_of(proofs, user=request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Two receipts side by side"),
        "sides": [_Side.of(proof, sheets[proof.pk]) for proof in proofs],
        "pair": (proof_id, other_id),
        "is_shown": _can_be_compared(proofs),
        "findings": [
            (finding.level, in_words(finding))
            for finding in sheets[proof_id].findings
            if finding.proof_id == other_id
        ],
    }
    return TemplateResponse(request, "evidence/compare.html", context)


@dataclass(frozen=True)
class _Side:
    proof: PaymentProof
    order_url: str
    original_url: str
    order_badge: str
    badge: str
    due: str
    amount: str
    paid_on: date | None
    reference: str
    text: str

    @classmethod
    def of(cls, proof: PaymentProof, sheet: Sheet) -> _Side:
        read = sheet.read
        has_amount = read is not None and read.amount_minor is not None
        return cls(
            proof=proof,
            order_url=page_url(proof.order),
            original_url=proof_url(proof),
            order_badge=status_badge(proof.order),
            badge=proof_badge(proof),
            due=money(proof.order.total_minor, proof.order.currency),
            amount=money(read.amount_minor or 0, read.currency) if read and has_amount else "",
            paid_on=read.paid_on if read else None,
            reference=read.reference if read else "",
            text=text_in_words(sheet),
        )


def _can_be_compared(proofs: list[PaymentProof]) -> bool:
    try:
        compare_proofs(proof=proofs[0], other=proofs[1])
    except ReaderFailed:
        return False
    return True


def _seen_proof(request: HttpRequest, proof_id: int) -> PaymentProof:
    may_view = request.user.has_perm("sales.view_paymentproof")
    require_staff(admin.site, request, may_view=may_view)
    return get_object_or_404(
        seen_by(request.user, PaymentProof.objects.select_related("order__player")), pk=proof_id
    )


def _picture(name: str, shown_name: str) -> FileResponse:
    try:
        stream = default_storage.open(name, "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stream, filename=shown_name, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SEALED
    return response
