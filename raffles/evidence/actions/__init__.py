from raffles.evidence.actions.await_reading import await_reading
from raffles.evidence.actions.compare_proofs import compare_proofs
from raffles.evidence.actions.copy_file import copy_file
from raffles.evidence.actions.copy_proof import StillPrepared, copy_proof
from raffles.evidence.actions.note_forwarded import note_forwarded
from raffles.evidence.actions.read_proofs import read_proofs

__all__ = [
    "StillPrepared",
    "await_reading",
    "compare_proofs",
    "copy_file",
    "copy_proof",
    "note_forwarded",
    "read_proofs",
]
