from __future__ import annotations

from datetime import datetime

from raffles.evidence.models import Evidence
from raffles.sales.models import PaymentProof

MOST_AT_ONCE = 200


def await_reading(*, now: datetime) -> int:
    """Proofs that came before there was evidence, or whose row was lost."""
    without = PaymentProof.objects.filter(evidence=None).order_by("-id").values_list("pk", flat=True)
    rows = [Evidence(proof_id=proof_id, due_at=now) for proof_id in without[:MOST_AT_ONCE]]
    Evidence.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
