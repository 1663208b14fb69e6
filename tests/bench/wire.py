"""The least of HTTP/1.1 that both ends need: it must cost little beside what is measured."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from config.rehearsal.processes import HOST

LONGEST_SECONDS = 30
# granian hangs up after 30 s of silence; a request on its way at that instant would be lost.
LONGEST_SILENCE = 10.0


class BadAnswer(RuntimeError):
    """The product did not say what it should: whatever was measured would mean nothing."""


@dataclass(frozen=True)
class Answer:
    """`length`: bytes of head and body together."""

    status: int
    head: bytes
    length: int

    def header(self, name: str) -> str:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""


class Line(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None
        self._heard_at = time.monotonic()

    @classmethod
    async def open(cls, port: int) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @property
    def is_open(self) -> bool:
        """And not silent for so long that the server may be hanging up."""
        if self._transport is None or self._transport.is_closing():
            return False
        return time.monotonic() - self._heard_at < LONGEST_SILENCE

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the product hung up"))

    def data_received(self, data: bytes) -> None:
        self._heard_at = time.monotonic()
        self._buffer += data
        if self._answer is not None and _length(self._buffer) is not None and not self._answer.done():
            head = bytes(self._buffer.partition(b"\r\n\r\n")[0])
            self._answer.set_result(Answer(int(head[9:12]), head, len(self._buffer)))
            self._buffer.clear()

    async def post(self, request: bytes) -> None:
        await self.ask(request, {200})

    async def ask(self, request: bytes, expected: Collection[int]) -> Answer:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(LONGEST_SECONDS):
            answer = await self._answer
        if answer.status not in expected:
            asked = request.partition(b" HTTP/")[0].decode("latin-1")
            raise BadAnswer(f"HTTP {answer.status} to {asked}")
        return answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def written(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The whole request, ready for the wire. A header's name is written with _ for -."""
    told = {"Host": HOST, "Content-Length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in told.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body


def _length(buffer: bytearray) -> int | None:
    """How long the message at the head of the buffer is; None while it is not all there."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end]).lower()
    if b"transfer-encoding: chunked" in head:
        last = buffer.find(b"\r\n0\r\n\r\n", end)
        return None if last < 0 else last + 7
    _, _, told = head.partition(b"content-length:")
    total = end + 4 + int(told.split(b"\r\n", 1)[0] or 0)
    return total if len(buffer) >= total else None


class Door(asyncio.Protocol):
    """Answers POSTs with what `answer` makes of their JSON.

    Whoever opens `doors` closes them: a kept connection that nobody reads would look like a lost answer.
    """

    def __init__(
        self, answer: Callable[[dict[str, Any]], dict[str, Any]], doors: list[Door] | None = None
    ) -> None:
        self._answer_to, self._buffer = answer, bytearray()
        self._transport: asyncio.Transport | None = None
        if doors is not None:
            doors.append(self)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        while (length := _length(self._buffer)) is not None:
            request = bytes(self._buffer[:length])
            del self._buffer[:length]
            told = self._answer_to(json.loads(request.partition(b"\r\n\r\n")[2] or b"{}"))
            raw = json.dumps(told).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
            self._transport.write(head.encode() + raw)
