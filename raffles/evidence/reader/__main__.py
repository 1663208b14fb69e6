"""Reads requests from its standard input; each is done in a child with little memory and little time."""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from typing import NoReturn

from raffles.evidence.reader.frames import LARGEST_PARTS, framed, read, unframed, write
from raffles.evidence.reader.work import done, warm_up

MOST_MEMORY = 1_200 * 1024 * 1024
MOST_CPU_SECONDS = 30
LARGEST_FILE = 64 * 1024 * 1024


def serve() -> None:
    warm_up()
    while (request := read(sys.stdin.buffer)) is not None:
        write(sys.stdout.buffer, answered(request))


def answered(request: bytes) -> bytes:
    deadline = time.monotonic() + unframed(request)[0]["seconds"]
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_child)
        _be_child(request, to_parent)
    os.close(to_parent)
    try:
        answer = _all_of(from_child, deadline)
    finally:
        os.close(from_child)
        status = _end(child)
    if answer is None:
        return framed({"failed": "too slow"})
    return answer if status == 0 and answer else framed({"failed": "died"})


def _all_of(pipe: int, deadline: float) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > LARGEST_PARTS:
            break
    return None


def _end(child: int) -> int:
    """The child and what it started itself, such as the program that reads text."""
    done_already, status = os.waitpid(child, os.WNOHANG)
    for _ in range(50):
        if done_already:
            break
        time.sleep(0.002)
        done_already, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    return status if done_already else os.waitpid(child, 0)[1]


def _be_child(request: bytes, to_parent: int) -> NoReturn:
    code = 1
    try:
        os.setsid()
        _limit()
        with os.fdopen(to_parent, "wb") as pipe:
            pipe.write(done(request))
        code = 0
    finally:
        os._exit(code)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


if __name__ == "__main__":
    serve()
