from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.sales import trail
from raffles.sales.errors import EvidenceMissing
from raffles.sales.lifecycle import due_refund
from raffles.sales.models import Actor, Refund
from raffles.sales.notices import RefundMade, announce
from raffles.sales.proof_files import StoredProof, discard, judged, store


def make_refund(*, refund_id: int, by: User, reference: str, evidence: bytes | None, now: datetime) -> Refund:
    """The money was sent: its number, a picture of it, or both say so."""
    if not reference.strip() and evidence is None:
        raise EvidenceMissing
    stored = None if evidence is None else store(evidence, judged(evidence), now, folder="refunds")
    try:
        return _note(refund_id, by, reference.strip(), stored, now)
    except BaseException:
        if stored is not None:
            discard(stored)
        raise


def _note(refund_id: int, by: User, reference: str, stored: StoredProof | None, now: datetime) -> Refund:
    with transaction.atomic():
        refund = due_refund(refund_id)
        refund.status = Refund.Status.MADE
        refund.made_by, refund.made_at, refund.reference = by, now, reference
        if stored is not None:
            refund.evidence, refund.evidence_sha256 = stored.name, stored.sha256
        refund.save()
        trail.refund_moved(refund, Deed.REFUND_MADE, actor=Actor.staff(by), reason="", now=now)
        announce(RefundMade(refund))
        return refund
