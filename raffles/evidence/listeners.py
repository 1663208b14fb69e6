from __future__ import annotations

from django.db import transaction

from raffles.evidence.models import Evidence
from raffles.evidence.nudges import nudge
from raffles.sales.notices import Fact, ProofReceived


def hear(fact: Fact) -> None:
    if isinstance(fact, ProofReceived):
        rows = [Evidence(proof=fact.proof, due_at=fact.proof.received_at)]
        Evidence.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(nudge)
