from __future__ import annotations

from datetime import datetime

from raffles.evidence import copies
from raffles.evidence.models import Evidence
from raffles.evidence.reader import Reader, ReaderFailed
from raffles.evidence.readings import file_of, note_failure
from raffles.sales.models import PaymentProof


def copy_proof(*, proof: PaymentProof, now: datetime) -> Evidence:
    """The copies to show, at once: somebody looks at it before its turn came. Raises ReaderFailed."""
    evidence, _ = Evidence.objects.get_or_create(proof=proof, defaults={"due_at": now})
    if evidence.pages:
        return evidence
    if evidence.status == Evidence.Status.FAILED:
        raise ReaderFailed(evidence.why_failed)
    try:
        with Reader() as reader:
            head, pages = reader.ask("copy", [file_of(proof)])
    except ReaderFailed as failure:
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
