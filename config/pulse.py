"""Whether the workers of this machine still come round; `python -m config.pulse` asks, as the container does.

Files and no rows: a check that runs all day must not cost a Django start each time, and a database that is
down is no reason to restart workers. Each has a file of its own, so that none hides another that hangs.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "var"
NAME = "worker-pulse-"
SILENT_AFTER_SECONDS = 60


def file_of(process: int) -> Path:
    return FOLDER / f"{NAME}{process}"


def note() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    file_of(os.getpid()).touch()


def forget(process: int | None = None) -> None:
    """A file of somebody else's stays, and harms nobody."""
    with suppress(OSError):
        file_of(process or os.getpid()).unlink()


def forget_the_dead() -> None:
    for process in processes():
        if not is_alive(process):
            forget(process)


def complaint() -> str | None:
    ages = {process: _age(process) for process in processes() if is_alive(process)}
    if not ages:
        return f"no worker runs here: there is no {FOLDER / NAME}* of a process that is alive"
    silent = [
        f"worker {process} was last heard {age:.0f} s ago"
        for process, age in ages.items()
        if age > SILENT_AFTER_SECONDS
    ]
    return "; ".join(silent) or None


def processes() -> list[int]:
    words = [path.name.removeprefix(NAME) for path in FOLDER.glob(f"{NAME}*")]
    return sorted(int(word) for word in words if word.isdigit())


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def _age(process: int) -> float:
    """None at all when the worker has ended this very moment."""
    try:
        return time.time() - file_of(process).stat().st_mtime
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    sys.exit(complaint())
