from __future__ import annotations

from datetime import datetime

from raffles.evidence import copies
from raffles.evidence.models import Evidence
from raffles.evidence.reader import PATIENT_SECONDS, Reader, ReaderFailed
from raffles.evidence.readings import file_of, note_failure
from raffles.sales.models import PaymentProof

TOO_SLOW = "too slow"


class StillPrepared(Exception):
    """It takes longer than anybody should wait at a page: the worker makes the copies."""


def copy_proof(*, proof: PaymentProof, now: datetime) -> Evidence:
    """The copies to show, at once: somebody looks at it before its turn came.

    Raises ReaderFailed, or StillPrepared: at once when it was found to be slow before.
    """
    evidence, _ = Evidence.objects.get_or_create(proof=proof, defaults={"due_at": now})
    if evidence.pages:
        return evidence
    if evidence.status == Evidence.Status.FAILED:
        raise ReaderFailed(evidence.why_failed)
    if evidence.why_failed == TOO_SLOW:
        raise StillPrepared
    return _copied(evidence, proof, now)


def _copied(evidence: Evidence, proof: PaymentProof, now: datetime) -> Evidence:
    try:
        with Reader() as reader:
            head, pages = reader.ask("copy", [file_of(proof)], seconds=PATIENT_SECONDS)
    except ReaderFailed as failure:
        if failure.why == TOO_SLOW:
            # No try of the worker's, which has more time and whose turn stays as it is.
            waiting = Evidence.objects.filter(pk=evidence.pk, status=Evidence.Status.WAITING)
            waiting.update(why_failed=TOO_SLOW)
            raise StillPrepared from None
        note_failure(evidence, failure.why, now)
        raise
    return _kept(evidence, pages, head["total"], now)


def _kept(evidence: Evidence, pages: list[bytes], total: int, now: datetime) -> Evidence:
    """The reading to come makes them again; the ones it names then stand."""
    names = copies.kept(pages, now)
    if not Evidence.objects.filter(pk=evidence.pk, pages=[]).update(pages=names, total_pages=total):
        copies.drop(names)
    evidence.refresh_from_db()
    return evidence
