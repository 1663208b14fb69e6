"""The copies as the pages of sales show them, which know nothing of evidence."""

from __future__ import annotations

from django.urls import reverse

from raffles.sales.admin.additions import SafeCopy
from raffles.sales.models import PaymentProof


def safe_copy(proof: PaymentProof) -> SafeCopy:
    return SafeCopy(
        page_url=reverse("evidence_receipt", args=(proof.pk, 1)),
        thumbnail_url=reverse("evidence_thumbnail", args=(proof.pk,)),
    )
