"""What a chat shows of a link that was sent on: 1200 by 630, drawn from what the page says."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
EDGE = 70
PAPER, INK, QUIET, ACCENT, TRACK = "#fbfaf6", "#17211d", "#53605a", "#0b6b4f", "#dfe5df"
LETTERS = Path(__file__).parent / "lettering" / "DejaVuSans-Bold-Latin.ttf"
MOST_LINES = 2
ROOM = SIZE[0] - 2 * EDGE
MAIN, MAIN_SMALLER = 52, 36
# Not even the narrowest letters fill a line with more.
MOST_LETTERS = 300


@dataclass(frozen=True)
class Preview:
    """`share` in hundredths draws a bar; None draws none."""

    above: str
    title: str
    main: str
    aside: str
    below: str
    share: int | None = None

    @property
    def facts(self) -> tuple[object, ...]:
        return astuple(self)


@lru_cache(maxsize=128)
def drawn(preview: Preview) -> bytes:
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 18, SIZE[1]), fill=ACCENT)
    pen.text((EDGE, 54), _known(preview.above), font=_font(30), fill=QUIET)
    y = _title(pen, preview.title)
    size = MAIN if _width(_known(preview.main[:MOST_LETTERS]), MAIN) <= ROOM else MAIN_SMALLER
    pen.text((EDGE, y + 18), _fitted(preview.main, size), font=_font(size), fill=ACCENT)
    if preview.share is not None:
        _bar(pen, preview.share)
    pen.text((EDGE, 490), _fitted(preview.aside, 30), font=_font(30), fill=QUIET)
    pen.text((EDGE, 548), _fitted(preview.below, 30), font=_font(30), fill=INK)
    return _png(picture)


def fits_main(text: str) -> bool:
    return _width(_known(text), MAIN_SMALLER) <= ROOM


def _title(pen: ImageDraw.ImageDraw, title: str) -> int:
    y = 112
    for line in _lines(_known(title), 68):
        pen.text((EDGE, y), line, font=_font(68), fill=INK)
        y += 84
    return y


def _bar(pen: ImageDraw.ImageDraw, share: int) -> None:
    left, right, top, bottom = EDGE, SIZE[0] - EDGE, 446, 478
    pen.rounded_rectangle((left, top, right, bottom), 16, fill=TRACK)
    if share:
        pen.rounded_rectangle(
            (left, top, left + max(32, (right - left) * share // 100), bottom), 16, fill=ACCENT
        )


def _lines(text: str, size: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, size) <= ROOM or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_fitted(line, size) for line in lines[:MOST_LINES]]
    return kept if len(lines) <= MOST_LINES else [*kept[:-1], _fitted(f"{kept[-1]} …", size)]


def _fitted(text: str, size: int) -> str:
    text = _known(text[:MOST_LETTERS])
    if _width(text, size) <= ROOM:
        return text
    kept = bisect_right(range(len(text)), ROOM, key=lambda letters: ceil(_width(_cut(text, letters), size)))
    return _cut(text, kept - 1)


def _cut(text: str, letters: int) -> str:
    return f"{text[:letters].rstrip(' …')}…"


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _known(text: str) -> str:
    """Letters that the font has; of others it would draw boxes."""
    return "".join(_readable(text))


def _readable(text: str) -> Iterator[str]:
    for letter in text.replace("\N{NARROW NO-BREAK SPACE}", " "):
        if letter.isspace() or _has(letter):
            yield " " if letter.isspace() else letter


@lru_cache(maxsize=1024)
def _has(letter: str) -> bool:
    missing = _font(30).getmask("\N{REPLACEMENT CHARACTER}")
    return bytes(_font(30).getmask(letter)) != bytes(missing)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(LETTERS), size)


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()
