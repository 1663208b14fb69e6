"""Copies fit to be shown: upright, of a bounded size, and with nothing of the original but its pixels."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps

LONGEST_SIDE = 2_000
MOST_PAGES = 10
LARGEST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    ArithmeticError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    pypdfium2.PdfiumError,
)

Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Pages:
    shown: list[Image.Image]
    total: int


def pages_of(content: bytes) -> Pages:
    """Judged by its first bytes alone; a file that is two things at once is what it begins as."""
    if content.startswith(b"%PDF-"):
        return _of_pdf(content)
    return Pages([_picture(content)], 1)


def _picture(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.format == "JPEG":
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _bare(upright)


def _bare(picture: Image.Image) -> Image.Image:
    """Nothing but pixels: a picture carries its comments, profiles and places along."""
    if picture.mode == "RGB" and "transparency" not in picture.info:
        picture.info = {}
        return picture
    bare = Image.new("RGB", picture.size, "white")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        solid = picture.convert("RGBA")
        bare.paste(solid, mask=solid.getchannel("A"))
    else:
        bare.paste(picture.convert("RGB"))
    return bare


def _of_pdf(content: bytes) -> Pages:
    document = pypdfium2.PdfDocument(content)
    total = len(document)
    if not total:
        raise ValueError(total)
    return Pages([_page(document, place) for place in range(min(total, MOST_PAGES))], total)


def _page(document: pypdfium2.PdfDocument, place: int) -> Image.Image:
    page = document[place]
    longest = max(page.get_width(), page.get_height(), 1.0)
    drawn = page.render(scale=min(LONGEST_SIDE / longest, 4.0), may_draw_forms=False).to_pil()
    picture: Image.Image = drawn.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _bare(picture)


def encoded(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
