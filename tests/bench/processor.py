"""How much of a processor others have taken, as this machine's kernel counts it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of_session(session: int) -> float:
    """Of all processes of it that live."""
    return sum(_seconds(line) for path in _processes() if int((line := _stat(path))[3]) == session)


def seconds_of_database(url: str) -> float:
    """Of PostgreSQL's processes for one database, whose titles name it; 0 where they run elsewhere."""
    name = urlsplit(url).path.removeprefix("/").encode()
    if url.startswith("sqlite"):
        return 0.0
    return sum(_seconds(_stat(path)) for path in _processes() if name in _title(path).split(b" "))


def _processes() -> list[Path]:
    return [path for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(process: Path) -> list[str]:
    """What follows the name: state, parent, group, session and so on; nought when it ended meanwhile."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def _title(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes().strip(b"\0")
    except OSError:
        return b""


def _seconds(stat: list[str]) -> float:
    return (int(stat[11]) + int(stat[12])) / _TICKS
