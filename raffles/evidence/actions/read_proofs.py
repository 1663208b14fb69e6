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


def read_proofs(*, now: datetime, reader: Reader | None = None) -> int:
    """Those that wait, the newest first: for these staff sit and look. Says how many were taken.

    `reader`: one that is kept warm by whoever asks; else one is started, and ended with the last file.
    """
    if reader is not None:
        return _read(reader, now)
    with Reader() as own:
        return _read(own, now)


def _read(reader: Reader, now: datetime) -> int:
    taken = 0
    for evidence in _claimed(now):
        read_one(evidence, reader, now)
        taken += 1
    return taken


def are_waiting(*, now: datetime) -> bool:
    return Evidence.objects.filter(status=Evidence.Status.WAITING, due_at__lte=now).exists()


def _claimed(now: datetime) -> Iterator[Evidence]:
    waiting = Evidence.objects.filter(status=Evidence.Status.WAITING, due_at__lte=now)
    for evidence in list(waiting.select_related("proof__order").order_by("-proof_id")[:MOST_AT_ONCE]):
        mine = Evidence.objects.filter(pk=evidence.pk, status=Evidence.Status.WAITING, due_at=evidence.due_at)
        if mine.update(due_at=now + LEASE, tries=F("tries") + 1):
            evidence.tries += 1
            yield evidence
