"""Pictures of raffles and prizes for everybody: drawn anew at a size that a phone can carry, so that whatever
a camera wrote into the file (where it stood, which one it is) stays here."""

from __future__ import annotations

import io

from django.core.cache import cache
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

SIDE = 960
QUALITY = 80
MOST_PIXELS = 50_000_000
SECONDS_KEPT = 24 * 3600
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError)


class NoPicture(Exception):
    pass


def jpeg_of(file: FieldFile) -> bytes:
    """Raises NoPicture."""
    key = f"pages:picture:{file.name}"
    kept: bytes | None = cache.get(key)
    if kept is not None:
        return kept
    drawn = _drawn(file)
    cache.set(key, drawn, SECONDS_KEPT)
    return drawn


def _drawn(file: FieldFile) -> bytes:
    if not file:
        raise NoPicture
    try:
        with file.storage.open(file.name or "", "rb") as stream:
            return _as_jpeg(Image.open(stream, formats=FORMATS))
    except UNREADABLE:
        raise NoPicture from None


def _as_jpeg(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise NoPicture
    picture.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE, SIDE))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
