from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.evidence import copies
from raffles.evidence.actions import StillPrepared, compare_proofs, copy_proof
from raffles.evidence.findings import Sheet
from raffles.evidence.models import Evidence
from raffles.evidence.queries import evidence_of
from raffles.evidence.reader import ReaderFailed
from raffles.evidence.wording import in_words, text_in_words
from raffles.sales.admin.files import PRIVATE, private_copy, require_staff, still_prepared
from raffles.sales.admin.order_page import proof_badge, proof_url, status_badge
from raffles.sales.admin.showing import money, page_url
from raffles.sales.models import PaymentProof
from raffles.sales.sight import seen_by

EMPTY_SHEET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="80" viewBox="0 0 60 80">'
    '<path d="M8 4h32l12 12v60H8z" fill="#fff" stroke="#8a94a0" stroke-width="2"/>'
    '<path d="M18 34h24M18 44h24M18 54h14" stroke="#c3cad2" stroke-width="3"/></svg>'
)


@require_safe
def receipt(request: HttpRequest, proof_id: int, page: int) -> FileResponse | HttpResponse:
    """503 while the worker prepares what takes long; the page that shows it asks again."""
    proof = _seen_proof(request, proof_id)
    try:
        pages = copy_proof(proof=proof, now=timezone.now()).pages
    except StillPrepared:
        return still_prepared()
    except ReaderFailed:
        raise Http404 from None
    if not 1 <= page <= len(pages):
        raise Http404
    if page == 1:  # the other pages of a document come with its first
        record(Deed.FILE_SEEN, subject=proof, label=proof.order.code, user=request.user)
    return private_copy(pages[page - 1], f"receipt-{proof.pk}-{page}.jpg")


@require_safe
def thumbnail(request: HttpRequest, proof_id: int) -> HttpResponse:
    """Of a copy that is there already, for a list starts no reader; an empty sheet where there is none.

    Too small to be read: no look is noted.
    """
    pages = Evidence.objects.filter(proof=_seen_proof(request, proof_id)).values_list("pages", flat=True)
    try:
        small = copies.thumbnail(pages[0][0])
    except (IndexError, FileNotFoundError):
        return HttpResponse(EMPTY_SHEET, content_type="image/svg+xml", headers=PRIVATE)
    return HttpResponse(small, content_type="image/jpeg", headers=PRIVATE)


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
    return private_copy(names[side - 1], f"compared-{proof.pk}-{other.pk}-{side}.jpg")


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
