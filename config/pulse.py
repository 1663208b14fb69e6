"""Whether the worker of this machine still comes round; `python -m config.pulse` asks, as the container does.

A file and not a row: a check that runs all day must not cost a Django start each time, and a database that is
down is no reason to restart workers.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "var" / "worker-pulse"
SILENT_AFTER_SECONDS = 60


def note() -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.touch()


def complaint() -> str | None:
    try:
        age = time.time() - FILE.stat().st_mtime
    except OSError:
        return f"no worker has run here: {FILE} is missing"
    return None if age <= SILENT_AFTER_SECONDS else f"the worker was last heard {age:.0f} s ago"


if __name__ == "__main__":
    sys.exit(complaint())
