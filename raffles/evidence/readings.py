"""One proof read: its file goes to the reader, what comes back becomes rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from raffles.evidence import copies
from raffles.evidence.lookups import candidates, is_near, keep_marks
from raffles.evidence.models import Evidence
from raffles.evidence.reader import Reader, ReaderFailed
from raffles.evidence.transfers import Transfer, transfer_in
from raffles.sales.ledger import reference_key
from raffles.sales.models import PaymentProof
from raffles.sales.money import minor_digits

MOST_TRIES = 3
AGAIN_AFTER = timedelta(minutes=1)
# The file itself is at fault; another try would end alike.
FOR_GOOD = frozenset({"gone", "broken", "too large"})
COLUMNS = (
    "status",
    "why_failed",
    "pages",
    "total_pages",
    "whole_hash",
    "inner_hash",
    "phrases",
    "phrase_count",
    "resembles",
    "ocr",
    "reference",
    "reference_key",
    "amount_minor",
    "paid_on",
    "destination",
    "ms",
)


def file_of(proof: PaymentProof) -> bytes:
    try:
        with proof.file.open("rb") as stream:
            return bytes(stream.read())
    except OSError:
        raise ReaderFailed("gone") from None


def read_one(evidence: Evidence, reader: Reader, now: datetime) -> None:
    """Runs outside every transaction, for it waits for another process."""
    try:
        head, pages = reader.ask("read", [file_of(evidence.proof)], with_text=True)
        _note(evidence, head)
        evidence.resembles = _same_receipt(evidence, head["wider"], reader)
    except ReaderFailed as failure:
        note_failure(evidence, failure.why, now)
        return
    _keep(evidence, head["marks"], pages, now)


def note_failure(evidence: Evidence, why: str, now: datetime) -> None:
    is_over = why in FOR_GOOD or evidence.tries >= MOST_TRIES
    status = Evidence.Status.FAILED if is_over else Evidence.Status.WAITING
    mine = Evidence.objects.filter(pk=evidence.pk, status=Evidence.Status.WAITING)
    mine.update(status=status, why_failed=why, due_at=now + AGAIN_AFTER)


def _note(evidence: Evidence, head: dict[str, Any]) -> None:
    evidence.total_pages, evidence.ms = head["total"], head["ms"]
    evidence.whole_hash, evidence.inner_hash = head["whole"], head["inner"]
    evidence.phrases, evidence.phrase_count = head["phrases"], head["count"]
    evidence.ocr = head["ocr"]
    said = _transfer(head["text"], evidence.proof.order.currency)
    evidence.reference = said.reference[:64]
    evidence.reference_key = reference_key(evidence.reference)
    evidence.amount_minor, evidence.paid_on = said.amount_minor, said.paid_on
    evidence.destination = said.destination


def _transfer(text: str, currency: str) -> Transfer:
    """The text itself is not kept: it is full of names."""
    return transfer_in(text, minor_digits=minor_digits(currency))


def _same_receipt(evidence: Evidence, wider: list[int], reader: Reader) -> Evidence | None:
    likeliest = candidates(wider, evidence)
    near = [other for other in likeliest if is_near(evidence, other)]
    if near or not likeliest:
        return near[0] if near else None
    head, _ = reader.ask("match", [], phrases=evidence.phrases, others=[other.phrases for other in likeliest])
    return likeliest[head["same"][0]] if head["same"] else None


def _keep(evidence: Evidence, marks: list[int], pages: list[bytes], now: datetime) -> None:
    """A second worker that read the same file finds it read, and its copies go."""
    evidence.pages, evidence.status, evidence.why_failed = copies.kept(pages, now), Evidence.Status.READ, ""
    values = {column: getattr(evidence, column) for column in COLUMNS}
    with transaction.atomic():
        mine = Evidence.objects.filter(pk=evidence.pk).exclude(status=Evidence.Status.READ)
        made_before = list(mine.values_list("pages", flat=True))
        is_mine = bool(mine.update(**values))
        # What shows a known receipt needs no marks: the one it resembles has them.
        if is_mine and evidence.resembles is None:
            keep_marks(evidence, marks)
    copies.drop([name for names in made_before for name in names] if is_mine else evidence.pages)
