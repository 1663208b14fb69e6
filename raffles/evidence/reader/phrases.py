"""The written parts of a picture, each as a small patch of its ink.

A bank's receipts are all alike but for a few words and digits, so a hash of the whole tells the bank and not
the receipt. What tells it are its phrases, one by one: they stay what they are when the picture is
compressed, cut, framed, inverted or drawn in night colours.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

Ink = npt.NDArray[np.bool_]
Patch = npt.NDArray[np.float32]
Box = tuple[int, int, int, int]

WIDTH = 720
TALLEST = 4_000
PATCH_HEIGHT = 14
LONGEST_PATCH = 220
MOST_PHRASES = 80
FAINTEST = 30
# The colour of the paper near a point: the middle one of those around, which text does not change.
PAPER_STEP, PAPER_AROUND = 6, 9
# Text has no straight strokes so long: these are frames, rules and the edges of coloured areas.
LONG_STEP, LONG_DOWN, LONG_ACROSS = 6, 15, 18
LOWEST, HIGHEST, NARROWEST = 9, 110, 12
# A gap between words is a third of a line's height, one between a label and its value a multiple.
WORD_GAP = 1.1


@dataclass(frozen=True)
class Phrase:
    box: Box
    patch: Patch


def phrases_of(picture: Image.Image) -> list[Phrase]:
    grey = _at_working_size(picture)
    ink = _without_long_strokes(np.asarray(ImageChops.difference(grey, _paper(grey))) > FAINTEST)
    found = [Phrase(box, _patch(grey, box)) for box in _boxes(ink)]
    return found[:MOST_PHRASES]


def working_scale(picture: Image.Image) -> float:
    return min(WIDTH / picture.width, TALLEST / picture.height)


def _at_working_size(picture: Image.Image) -> Image.Image:
    share = working_scale(picture)
    size = (max(12, round(picture.width * share)), max(12, round(picture.height * share)))
    return picture.convert("L").resize(size, Image.Resampling.BILINEAR)


def _paper(grey: Image.Image) -> Image.Image:
    small = (max(1, grey.width // PAPER_STEP), max(1, grey.height // PAPER_STEP))
    middle = grey.resize(small, Image.Resampling.NEAREST).filter(ImageFilter.MedianFilter(PAPER_AROUND))
    return middle.resize(grey.size, Image.Resampling.NEAREST)


def _without_long_strokes(ink: Ink) -> Ink:
    down, across = _long_runs(ink, LONG_DOWN), _long_runs(np.ascontiguousarray(ink.T), LONG_ACROSS).T
    return ink & ~down & ~across


def _long_runs(ink: Ink, blocks: int) -> Ink:
    """Where ink goes on down through so many blocks of rows."""
    rows = ink.shape[0] // LONG_STEP
    full = ink[: rows * LONG_STEP].reshape(rows, LONG_STEP, -1).all(axis=1)
    inside = np.zeros((rows + 1, full.shape[1]), dtype=np.int16)
    np.cumsum(full, axis=0, out=inside[1:])
    if rows < blocks:
        return np.zeros_like(ink)
    whole = (inside[blocks:] - inside[:-blocks]) == blocks
    long = np.zeros_like(full)
    for place in range(blocks):
        long[place : place + len(whole)] |= whole
    spread = np.zeros_like(ink)
    spread[: rows * LONG_STEP] = np.repeat(long, LONG_STEP, axis=0)
    return spread


def _boxes(ink: Ink) -> Iterator[Box]:
    for top, bottom in _runs(ink.any(axis=1), 1):
        if LOWEST <= bottom - top <= HIGHEST:
            line = ink[top:bottom]
            for left, right in _runs(line.any(axis=0), int(WORD_GAP * (bottom - top))):
                rows = np.flatnonzero(line[:, left:right].sum(axis=1) >= 2)
                if right - left >= NARROWEST and len(rows) and rows[-1] + 1 - rows[0] >= LOWEST:
                    yield left, top + int(rows[0]), right, top + int(rows[-1]) + 1


def _runs(line: npt.ArrayLike, gap: int) -> list[tuple[int, int]]:
    """From and to of what is set, over gaps no wider than this."""
    places = np.flatnonzero(line)
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > gap + 1)
    starts = [int(places[0]), *(int(place) for place in places[cuts + 1])]
    ends = [*(int(place) for place in places[cuts]), int(places[-1])]
    return [(start, end + 1) for start, end in zip(starts, ends, strict=True)]


def _patch(grey: Image.Image, box: Box) -> Patch:
    left, top, right, bottom = box
    width = min(LONGEST_PATCH, max(1, round(PATCH_HEIGHT * (right - left) / (bottom - top))))
    values = np.asarray(grey.resize((width, PATCH_HEIGHT), Image.Resampling.BICUBIC, box), dtype=np.float32)
    strokes = np.abs(values - np.median(values))
    return _quantised(strokes * (255 / max(float(strokes.max()), 1.0)))


def _quantised(strokes: Patch) -> Patch:
    """Sixteen shades, as they are kept: what was stored and what was just read compare alike."""
    return np.floor(strokes / 16).astype(np.float32) * 17


def packed(phrases: list[Phrase]) -> str:
    parts = []
    for phrase in phrases:
        shades = (phrase.patch / 17).astype(np.uint8).ravel()
        parts.append(struct.pack("<5H", *phrase.box, phrase.patch.shape[1]))
        parts.append((shades[0::2] << 4 | shades[1::2]).tobytes())
    return base64.b64encode(zlib.compress(b"".join(parts), 6)).decode()


def unpacked(kept: str) -> list[Phrase]:
    data, place, found = zlib.decompress(base64.b64decode(kept)), 0, []
    while place < len(data):
        *box, width = struct.unpack_from("<5H", data, place)
        place += 10
        pairs = np.frombuffer(data, np.uint8, width * PATCH_HEIGHT // 2, place)
        place += len(pairs)
        shades = np.stack((pairs >> 4, pairs & 15), axis=1).reshape(PATCH_HEIGHT, width)
        found.append(Phrase((box[0], box[1], box[2], box[3]), shades.astype(np.float32) * 17))
    return found
