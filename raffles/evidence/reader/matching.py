"""Whether two pictures show one receipt: their phrases are laid side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from raffles.evidence.reader.phrases import PATCH_HEIGHT, Box, Patch, Phrase

# The worst place of two patches of one phrase is alike to 0.6 and more, of two that differ in a digit to 0.35
# and less (measured on the receipts of the tests); between them nobody knows.
SAME, UNSURE, DIFFERENT = 0.6, 0.5, 0.38
# About a digit and a half: what differs in one digit differs here.
WINDOW = 18
FEWEST_SHARED = 6
SHARE_SHARED = 0.6
# One phrase may differ: it was hidden, or it is the one that was forged. Two honest receipts of a bank differ
# in two at least, the number and the time; of those that only may differ it takes three.
MOST_DOUBT = 1.0
FLAT = 40.0

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    shared: int
    doubts: float
    of: int

    @property
    def is_same(self) -> bool:
        is_enough = self.shared >= max(FEWEST_SHARED, SHARE_SHARED * self.of)
        return is_enough and self.doubts <= MOST_DOUBT


def likeness(one: list[Phrase], other: list[Phrase]) -> Likeness:
    if not one or not other:
        return Likeness(0, 0, 0)
    pairs = partners(one, other)
    shared = [(one[a].box, other[b].box) for a, b, score in pairs if score >= SAME]
    if len(shared) < FEWEST_SHARED:
        return Likeness(len(shared), 0, min(len(one), len(other)))
    place = _Placement(shared)
    # Two banks write the same labels to the same account, each in places of its own.
    placed = sum(place.is_on(ours, theirs) for ours, theirs in shared)
    boxes = [phrase.box for phrase in other]
    doubts = sum(
        doubt_of(score) for a, _, score in pairs if score < SAME and place.is_taken(one[a].box, boxes)
    )
    return Likeness(placed, doubts, min(len(one), len(other)))


def doubt_of(score: float) -> float:
    return 1.0 if score < DIFFERENT else 0.5 if score < UNSURE else 0.35


def partners(one: list[Phrase], other: list[Phrase]) -> list[tuple[int, int, float]]:
    """For each phrase of one the best of the other, and how alike the two are at their worst place."""
    return [_partner(place, phrase, other) for place, phrase in enumerate(one)]


def _partner(place: int, phrase: Phrase, other: list[Phrase]) -> tuple[int, int, float]:
    """A first look without shifts tells which two deserve a close one."""
    rough = [(_rough(phrase.patch, theirs.patch), candidate) for candidate, theirs in enumerate(other)]
    best, best_score = 0, -1.0
    for score, candidate in sorted(rough, reverse=True)[:2]:
        close = alike(phrase.patch, other[candidate].patch) if score > -1 else -1.0
        if close > best_score:
            best, best_score = candidate, close
        if close > 0.9:
            break
    return place, best, best_score


def _rough(one: Patch, other: Patch) -> float:
    """The correlation of the whole patches."""
    width = one.shape[1]
    if not _may_match(one, other):
        return -1.0
    if other.shape[1] != width:
        other = other[:, np.linspace(0, other.shape[1] - 1, width).round().astype(np.intp)]
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).sum() / np.sqrt(max(float((a * a).sum() * (b * b).sum()), 1.0)))


def _may_match(one: Patch, other: Patch) -> bool:
    return bool(0.9 < one.shape[1] / other.shape[1] < 1.11)


def alike(one: Patch, other: Patch) -> float:
    """From -1 to 1; each window may choose its own shift of a pixel or two."""
    width = one.shape[1]
    if not _may_match(one, other):
        return -1.0
    if other.shape[1] != width:
        resized = Image.fromarray(other).resize((width, PATCH_HEIGHT), Image.Resampling.BICUBIC)
        other = np.asarray(resized, dtype=np.float32)
    wide = np.pad(other, ((1, 1), (2, 2)), mode="edge")
    shifted = np.stack([wide[y : y + PATCH_HEIGHT, x : x + width] for y in range(3) for x in range(5)])
    return float(_windows(one, shifted, min(WINDOW, width)).max(axis=0).min())


def _windows(one: Patch, shifted: Patch, window: int) -> Scores:
    """The correlation in every window along the phrase, for each shift; where both are blank it is 0."""
    count = window * PATCH_HEIGHT
    a, b = _sums(one[None], window), _sums(shifted, window)
    spread = np.maximum(_sums(one[None] ** 2, window) - a * a / count, FLAT * count)
    spread = spread * np.maximum(_sums(shifted**2, window) - b * b / count, FLAT * count)
    found: Scores = (_sums(one[None] * shifted, window) - a * b / count) / np.sqrt(spread)
    return found


def _sums(values: Patch, window: int) -> Scores:
    along = np.cumsum(values.sum(axis=1, dtype=np.float64), axis=1)
    along = np.pad(along, ((0, 0), (1, 0)))
    sums: Scores = along[:, window:] - along[:, :-window]
    return sums


class _Placement:
    """Where the phrases of one picture lie in the other: moved and scaled, never turned."""

    def __init__(self, shared: list[tuple[Box, Box]]) -> None:
        ours = np.array([pair[0] for pair in shared], dtype=np.float64)
        theirs = np.array([pair[1] for pair in shared], dtype=np.float64)
        self.across = _line(ours[:, [0, 2]].ravel(), theirs[:, [0, 2]].ravel())
        self.down = _line(ours[:, [1, 3]].ravel(), theirs[:, [1, 3]].ravel())

    def is_taken(self, box: Box, boxes: list[Box]) -> bool:
        """Something else is written there."""
        return any(self.is_on(box, there) for there in boxes)

    def is_on(self, box: Box, there: Box) -> bool:
        left, right = (self.across[0] * x + self.across[1] for x in (box[0], box[2]))
        top, bottom = (self.down[0] * y + self.down[1] for y in (box[1], box[3]))
        return (
            _overlap(left, right, there[0], there[2]) > 0.4
            and _overlap(top, bottom, there[1], there[3]) > 0.5
        )


def _line(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> tuple[float, float]:
    """By the middle of all slopes, so that a wrong pair or two change nothing."""
    apart = np.subtract.outer(ours, ours)
    far = apart > (ours.max() - ours.min()) / 4
    slopes = np.subtract.outer(theirs, theirs)[far] / apart[far]
    slope = float(np.median(slopes)) if slopes.size else 1.0
    return slope, float(np.median(theirs - slope * ours))


def _overlap(start: float, end: float, their_start: float, their_end: float) -> float:
    shared = min(end, their_end) - max(start, their_start)
    return shared / max(min(end - start, their_end - their_start), 1.0)
