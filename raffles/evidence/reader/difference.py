"""Two receipts with what differs framed in both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from raffles.evidence.reader.matching import FEWEST_SHARED, SAME, partners
from raffles.evidence.reader.phrases import Box, Phrase, phrases_of, working_scale

FRAME = "#d00000"
LONGEST_SIDE = 1_600
CELLS = 24
NOTICEABLE = 40


@dataclass(frozen=True)
class MarkedPair:
    one: Image.Image
    other: Image.Image
    shared: int
    differing: int


def marked_pair(one: Image.Image, other: Image.Image) -> MarkedPair:
    """By what is written; where too little is shared for that, by what lies at the same place."""
    ours, theirs = phrases_of(one), phrases_of(other)
    our_boxes, shared = _unmatched(ours, theirs)
    their_boxes, _ = _unmatched(theirs, ours)
    if shared >= FEWEST_SHARED:
        return MarkedPair(
            _framed(one, _scaled(our_boxes, one)),
            _framed(other, _scaled(their_boxes, other)),
            shared,
            max(len(our_boxes), len(their_boxes)),
        )
    cells = _differing_cells(one, other)
    return MarkedPair(_framed(one, _in(cells, one)), _framed(other, _in(cells, other)), 0, len(cells))


def _unmatched(ours: list[Phrase], theirs: list[Phrase]) -> tuple[list[Box], int]:
    if not theirs:
        return [phrase.box for phrase in ours], 0
    lost = [ours[a].box for a, _, score in partners(ours, theirs) if score < SAME]
    return lost, len(ours) - len(lost)


def _scaled(boxes: list[Box], picture: Image.Image) -> list[Box]:
    share = working_scale(picture)
    return [(round(a / share), round(b / share), round(c / share), round(d / share)) for a, b, c, d in boxes]


def _differing_cells(one: Image.Image, other: Image.Image) -> list[tuple[int, int]]:
    small = (CELLS, CELLS)
    difference = ImageChops.difference(one.convert("L").resize(small), other.convert("L").resize(small))
    return [(int(x), int(y)) for y, x in np.argwhere(np.asarray(difference) > NOTICEABLE)]


def _in(cells: list[tuple[int, int]], picture: Image.Image) -> list[Box]:
    wide, high = picture.width / CELLS, picture.height / CELLS
    return [(int(x * wide), int(y * high), int((x + 1) * wide), int((y + 1) * high)) for x, y in cells]


def _framed(picture: Image.Image, boxes: list[Box]) -> Image.Image:
    marked = picture.copy()
    pen = ImageDraw.Draw(marked)
    line = max(3, marked.width // 200)
    for left, top, right, bottom in boxes:
        pen.rectangle((left - line, top - line, right + line, bottom + line), outline=FRAME, width=line)
    marked.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return marked
