from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F

from raffles.evidence.models import Evidence
from raffles.evidence.reader import Reader
from raffles.evidence.readings import read_one

# Longer than any reading takes: a worker that died over it gives it back then.
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 50


def read_proofs(*, now: datetime) -> int:
    """Those that wait, the newest first: for these staff sit and look. Says how many were taken."""
    taken = 0
    with Reader() as reader:
        for evidence in _claimed(now):
            read_one(evidence, reader, now)
            taken += 1
    return taken


def _claimed(now: datetime) -> Iterator[Evidence]:
    waiting = Evidence.objects.filter(status=Evidence.Status.WAITING, due_at__lte=now)
    for evidence in list(waiting.select_related("proof__order").order_by("-proof_id")[:MOST_AT_ONCE]):
        mine = Evidence.objects.filter(pk=evidence.pk, status=Evidence.Status.WAITING, due_at=evidence.due_at)
        if mine.update(due_at=now + LEASE, tries=F("tries") + 1):
            evidence.tries += 1
            yield evidence
