from __future__ import annotations

from django.core.files.storage import default_storage

from raffles.evidence.copies import pair_kept, pair_names
from raffles.evidence.reader import PATIENT_SECONDS, Reader
from raffles.evidence.readings import file_of
from raffles.sales.models import PaymentProof


def compare_proofs(*, proof: PaymentProof, other: PaymentProof) -> tuple[str, str]:
    """Names of two pictures with what differs framed. Files never change, so a pair is made once.

    Raises ReaderFailed, also when it takes too long for somebody who waits.
    """
    names = pair_names(proof.pk, other.pk)
    if not all(default_storage.exists(name) for name in names):
        with Reader() as reader:
            _, pictures = reader.ask("differ", [file_of(proof), file_of(other)], seconds=PATIENT_SECONDS)
        pair_kept(pictures, names)
    return names
