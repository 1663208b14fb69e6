from __future__ import annotations

from datetime import datetime

from raffles.evidence import copies
from raffles.evidence.reader import LONGEST_SECONDS, Reader


def copy_file(*, content: bytes, reader: Reader, now: datetime, seconds: float = LONGEST_SECONDS) -> str:
    """The name of a copy of the first page of a file that is no proof; whoever asks keeps the name.

    Raises ReaderFailed.
    """
    _, pages = reader.ask("copy", [content], seconds=seconds)
    return copies.kept(pages[:1], now)[0]
