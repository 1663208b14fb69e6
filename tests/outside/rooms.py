"""Machines of others that misbehave, one TCP connection at a time, and where names lead in a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

Behave = Callable[[socket.socket], object]
_lookup = socket.getaddrinfo


@contextmanager
def machine(behave: Behave) -> Iterator[int]:
    """Takes connections until the block is left; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(5)
                try:
                    behave(line)
                except OSError:
                    continue  # the caller hung up, which is what most tests want

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        is_over.set()
        thread.join()
        listener.close()


def read_request(line: socket.socket) -> None:
    """All of it, however it is cut: who closes a line with bytes unread resets it, and the answer with it."""
    received = b""
    while b'{"a":1}' not in received:
        received += line.recv(4096) or b'{"a":1}'


class Names:
    """Where names lead; every question is remembered, and each answer is given once but for the last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self._answers: dict[str, list[list[str]]] = {}
        monkeypatch.setattr(socket, "getaddrinfo", self._answer)

    def lead(self, name: str, *answers: list[str]) -> None:
        self._answers[name] = list(answers)

    def _answer(self, host: object, port: object, *args: object, **options: object) -> object:
        known = self._answers.get(str(host))
        if known is None:
            return _lookup(host, port, *args, **options)  # type: ignore[arg-type]  # passed on as it came
        self.asked.append(str(host))
        places = known.pop(0) if len(known) > 1 else known[0]
        return [_entry(place, port) for place in places]


def _entry(place: str, port: object) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in place else socket.AF_INET
    where = (place, port, 0, 0) if ":" in place else (place, port)
    return (family, socket.SOCK_STREAM, 6, "", where)
