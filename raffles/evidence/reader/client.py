"""The side of the web and the worker: starts the reader, asks it, ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from raffles.evidence.reader.frames import Frame, ReaderFailed, framed, read, unframed, write

ROOT = Path(__file__).resolve().parents[3]
# The reader ends a request itself after so long; one that is silent for longer still is ended from here.
LONGEST_SECONDS = 45
GRACE_SECONDS = 15
# While somebody waits at the page. What takes longer is left to the worker.
PATIENT_SECONDS = 5


class Reader:
    """One process for as many files as are at hand; each file is read in a child of it that may die alone.

    `niceness`: how far it stands back behind whoever answers players; 0 where a person waits for it.
    """

    def __init__(self, *, niceness: int = 0) -> None:
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def ask(
        self, work: str, parts: Sequence[bytes], *, seconds: float = LONGEST_SECONDS, **words: Any
    ) -> Frame:
        """Raises ReaderFailed when the file is at fault or the reader was lost over it.

        `seconds` is how long the work itself may take; “too slow” says that it was given up then.
        """
        process = self._started()
        ending = threading.Timer(seconds + GRACE_SECONDS, process.kill)
        ending.start()
        try:
            write(cast(BinaryIO, process.stdin), framed({"work": work, "seconds": seconds, **words}, parts))
            answer = read(cast(BinaryIO, process.stdout))
        except OSError:
            answer = None
        finally:
            ending.cancel()
        if answer is None:
            self.end()
            raise ReaderFailed("lost")
        head, found = unframed(answer)
        if "failed" in head:
            raise ReaderFailed(str(head["failed"]))
        return head, found

    @property
    def process_id(self) -> int | None:
        return None if self._process is None else self._process.pid

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "raffles.evidence.reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=_environment(),
                start_new_session=True,
            )
            with suppress(OSError):  # it may have ended already; who asks will be told
                os.setpriority(os.PRIO_PROCESS, self._process.pid, os.nice(0) + self._niceness)
        return self._process


def _environment() -> dict[str, str]:
    """Nothing secret reaches the process that opens strangers' files; one thread, so that it may fork."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TESSDATA_PREFIX") if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return {**kept, **threads, "PYTHONDONTWRITEBYTECODE": "1"}
