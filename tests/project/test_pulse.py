"""Whether the workers of a machine come round: a file of each, which must be fresh while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import pulse


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pulse, "FOLDER", tmp_path / "var")


def make_older(process: int, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(pulse.file_of(process), (at, at))


def note_for(process: int) -> None:
    """As another worker does that is alive, or was."""
    pulse.note()
    pulse.file_of(process).touch()


def test_it_must_be_there_and_fresh() -> None:
    assert "no worker runs here" in str(pulse.complaint())
    pulse.note()
    assert pulse.complaint() is None
    make_older(os.getpid(), pulse.SILENT_AFTER_SECONDS + 1)
    assert f"worker {os.getpid()} was last heard 61 s ago" in str(pulse.complaint())


def test_a_worker_that_hangs_is_not_hidden_by_one_that_works() -> None:
    note_for(os.getppid())
    make_older(os.getppid(), 300)
    assert f"worker {os.getppid()} was last heard 300 s ago" in str(pulse.complaint())


def test_a_worker_that_was_killed_is_no_worker_that_hangs() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    note_for(gone.pid)
    make_older(gone.pid, 300)
    assert pulse.complaint() is None
    pulse.forget()
    assert "no worker runs here" in str(pulse.complaint())


def test_a_worker_that_starts_tidies_up_after_those_that_were_killed() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    note_for(gone.pid)
    pulse.forget_the_dead()
    assert list(pulse.FOLDER.iterdir()) == [pulse.file_of(os.getpid())]


def test_an_orderly_stop_leaves_nothing_behind() -> None:
    pulse.note()
    pulse.forget()
    pulse.forget()
    assert list(pulse.FOLDER.iterdir()) == []
