"""What the reader can be asked for."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from PIL import Image

from raffles.evidence.reader import ocr
from raffles.evidence.reader.copies import BROKEN, Pages, encoded, pages_of
from raffles.evidence.reader.difference import marked_pair
from raffles.evidence.reader.frames import framed, unframed
from raffles.evidence.reader.marks import hashes_of, marks_of
from raffles.evidence.reader.matching import likeness
from raffles.evidence.reader.phrases import packed, phrases_of, unpacked

KNOWN_ENOUGH = 1
Work = Callable[..., bytes]


def done(request: bytes) -> bytes:
    """An answer in any case but the end of memory and time; its words never come from the file."""
    head, parts = unframed(request)
    del head["seconds"]  # they are counted outside
    try:
        return WORKS[head.pop("work")](parts, **head)
    except MemoryError:
        return framed({"failed": "too large"})
    except BROKEN:
        return framed({"failed": "broken"})


def copy(parts: list[bytes]) -> bytes:
    pages = pages_of(parts[0])
    return framed({"total": pages.total}, [encoded(page) for page in pages.shown])


def read(parts: list[bytes], *, with_text: bool) -> bytes:
    started = time.process_time()
    pages = pages_of(parts[0])
    head = {"total": pages.total, **_fingerprint(pages.shown[0])}
    copies = [encoded(page) for page in pages.shown]
    head["ms"] = round((time.process_time() - started) * 1000)
    return framed({**head, **_text(pages, with_text)}, copies)


def _fingerprint(picture: Image.Image) -> dict[str, Any]:
    phrases, hashes = phrases_of(picture), hashes_of(picture)
    marks = marks_of(phrases, hashes)
    return {
        "whole": hashes[0],
        "inner": hashes[1],
        "phrases": packed(phrases),
        "count": len(phrases),
        "marks": marks.own,
        "wider": marks.wider,
    }


def _text(pages: Pages, with_text: bool) -> dict[str, Any]:
    if not with_text or not ocr.is_there():
        return {"ocr": "ABSENT", "text": ""}
    text = ocr.text_of(pages.shown[0])
    return {"ocr": "FAILED", "text": ""} if text is None else {"ocr": "READ", "text": text}


def match(parts: list[bytes], *, phrases: str, others: list[str]) -> bytes:
    """The places of those that show the same receipt; the likeliest come first, and one is enough."""
    ours, found = unpacked(phrases), []
    for place, other in enumerate(others):
        if likeness(ours, unpacked(other)).is_same:
            found.append(place)
            if len(found) == KNOWN_ENOUGH:
                break
    return framed({"same": found})


def differ(parts: list[bytes]) -> bytes:
    one, other = (pages_of(part).shown[0] for part in parts)
    pair = marked_pair(one, other)
    return framed(
        {"shared": pair.shared, "differing": pair.differing}, [encoded(pair.one), encoded(pair.other)]
    )


def warm_up() -> None:
    """What the first use loads and sets aside is there before the first child, which would do it again."""
    sample = Image.new("L", (64, 64), "white")
    sample.paste("black", (8, 8, 40, 24))
    with_ink = pages_of(encoded(sample.resize((1080, 1920)).convert("RGB"))).shown[0]
    marks_of(phrases_of(with_ink), hashes_of(with_ink))
    gc.freeze()


WORKS: dict[str, Work] = {"read": read, "match": match, "differ": differ, "copy": copy}
