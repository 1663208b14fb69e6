"""How the two sides talk: a length, a head in JSON that names the sizes of the parts, the parts."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

LARGEST_HEAD = 8 * 1024 * 1024
LARGEST_PARTS = 64 * 1024 * 1024

Frame = tuple[dict[str, Any], list[bytes]]


class ReaderFailed(Exception):
    """The file could not be read; `why` is a word of ours and nothing from the file."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def framed(head: dict[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    text = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    return b"".join((struct.pack(">I", len(text)), text, *parts))


def unframed(data: bytes) -> Frame:
    if len(data) < 4:
        raise ReaderFailed("died")
    size = 4 + struct.unpack_from(">I", data)[0]
    head = json.loads(data[4:size])
    parts, place = [], size
    for length in head.pop("sizes"):
        parts.append(data[place : place + length])
        place += length
    if place != len(data):
        raise ReaderFailed("died")
    return head, parts


def write(stream: BinaryIO, data: bytes) -> None:
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def read(stream: BinaryIO) -> bytes | None:
    start = stream.read(4)
    if len(start) < 4:
        return None
    size = struct.unpack(">I", start)[0]
    if size > LARGEST_HEAD + LARGEST_PARTS:
        return None
    data = stream.read(size)
    return data if len(data) == size else None
