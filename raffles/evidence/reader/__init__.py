"""Whatever decodes a player's file runs here, in a process of its own: `python -m raffles.evidence.reader`.

The web and the worker never unpack such a file, and never import numpy.
"""

from raffles.evidence.reader.client import LONGEST_SECONDS, PATIENT_SECONDS, Reader
from raffles.evidence.reader.frames import ReaderFailed

__all__ = ["LONGEST_SECONDS", "PATIENT_SECONDS", "Reader", "ReaderFailed"]
