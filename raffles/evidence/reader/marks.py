"""Numbers by which a picture is found again among a hundred thousand, without reading them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from raffles.evidence.reader.phrases import PATCH_HEIGHT, Patch, Phrase

# A phrase is looked at piece by piece, about two digits each, and every piece by several rows of bits: one of
# them is enough to be found, and what differs in a digit shares few.
PIECE = 20
FAMILIES = 3
BITS = 16
MARGIN = 16
NUDGES = (0.0, -1.0, 1.0)
# Paper around a patch: as far as a frame may reach, and as it may be nudged from there.
AROUND = MARGIN + 1
PIECE_WIDTH, PIECE_HEIGHT = 12, 7
HASH_SIZE = 8
BAND_BITS = 16
FLAT_DEVIATION = 6.0
INNER = (0.12, 0.14, 0.88, 0.86)


def _directions() -> npt.NDArray[np.float32]:
    dice = np.random.default_rng(20261121)
    found = dice.standard_normal((FAMILIES * BITS, PIECE_WIDTH * PIECE_HEIGHT), dtype=np.float32)
    centred: npt.NDArray[np.float32] = found - found.mean(axis=1, keepdims=True)
    return centred


DIRECTIONS = _directions()
WEIGHTS = (1 << np.arange(BITS, dtype=np.int64))[::-1]


def hashes_of(picture: Image.Image) -> tuple[str, str]:
    """Of the whole and of its inner part; empty for a picture that shows next to nothing."""
    rough = picture.reduce(max(1, min(picture.size) // 256))
    grey = rough.convert("L").resize((256, 256), Image.Resampling.BOX)
    if float(np.asarray(grey).std()) < FLAT_DEVIATION:
        return "", ""
    inner = grey.crop(tuple(round(256 * share) for share in INNER))  # type: ignore[arg-type]
    return str(imagehash.phash(grey, HASH_SIZE)), str(imagehash.phash(inner, HASH_SIZE))


@dataclass(frozen=True)
class Marks:
    """A picture is kept by `own`; others are looked for by `wider`, as if its phrases had been cut a little
    differently, for another size of the same picture is."""

    own: list[int]
    wider: list[int]


def marks_of(phrases: list[Phrase], hashes: tuple[str, str]) -> Marks:
    own = _of_hashes(hashes)
    wider = set(own)
    for phrase in phrases:
        plain, *nudged = _of_phrase(phrase)
        own |= plain
        wider.update(plain, *nudged)
    return Marks(sorted(own), sorted(wider))


def _of_hashes(hashes: tuple[str, str]) -> set[int]:
    found = {_mark("whole", place, band) for place, band in _bands(hashes[0])}
    return found | {_mark("inner", place, band) for place, band in _bands(hashes[1])}


def _bands(digest: str) -> list[tuple[int, int]]:
    if not digest:
        return []
    number = int(digest, 16)
    return [(place, number >> place & 0xFFFF) for place in range(0, HASH_SIZE * HASH_SIZE, BAND_BITS)]


def _of_phrase(phrase: Phrase) -> list[set[int]]:
    """Framed by where its ink lies, not by its outermost pixel, which another size would put elsewhere."""
    left, top, right, bottom = _frame(phrase.patch)
    pieces = max(1, round(PATCH_HEIGHT * (right - left) / (bottom - top) / PIECE))
    strip, size = Image.fromarray(np.pad(phrase.patch, AROUND)), (PIECE_WIDTH * pieces, PIECE_HEIGHT)
    boxes = [(left + nudge, top, right + nudge, bottom) for nudge in NUDGES]
    even = np.stack([np.asarray(strip.resize(size, Image.Resampling.BOX, box)) for box in boxes])
    rows = even.reshape(len(NUDGES), PIECE_HEIGHT, pieces, PIECE_WIDTH).swapaxes(1, 2)
    sides = (rows.reshape(len(NUDGES) * pieces, -1) @ DIRECTIONS.T > 0).reshape(-1, FAMILIES, BITS)
    numbers = (sides @ WEIGHTS).reshape(len(NUDGES), -1).tolist()
    kind = f"phrase{pieces}"
    return [{_mark(kind, place, number) for place, number in enumerate(each)} for each in numbers]


def _frame(patch: Patch) -> tuple[float, float, float, float]:
    """In the padded strip. Evenly spread ink reaches as far as the square root of three deviations."""
    height, width = patch.shape
    across, down = patch.sum(axis=0), patch.sum(axis=1)
    x, wide = _middle_and_reach(across, width)
    y, high = _middle_and_reach(down, height)
    return (
        max(x - wide, -MARGIN) + AROUND,
        max(y - high, -MARGIN) + AROUND,
        min(x + wide, width + MARGIN) + AROUND,
        min(y + high, height + MARGIN) + AROUND,
    )


def _middle_and_reach(ink: Patch, length: int) -> tuple[float, float]:
    places = np.arange(length) + 0.5
    total = max(float(ink.sum()), 1.0)
    middle = float((ink * places).sum()) / total
    return middle, 1.75 * float(np.sqrt(max((ink * (places - middle) ** 2).sum() / total, 1.0)))


def _mark(kind: str, place: int, value: int) -> int:
    digest = hashlib.blake2b(f"{kind}:{place}:{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
