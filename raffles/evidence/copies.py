"""Where the copies that are shown are kept: beside the originals, as private as they are."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

THUMBNAIL = (128, 128)


def kept(copies: Sequence[bytes], now: datetime) -> list[str]:
    """Written before the row that names them: what is named is there."""
    return [_kept(copy, f"evidence/{now:%Y}/{now:%m}/{secrets.token_hex(16)}.jpg") for copy in copies]


def pair_kept(copies: Sequence[bytes], names: Sequence[str]) -> None:
    """Two that compare at once make the same pictures; the names of the first stand."""
    for copy, name in zip(copies, names, strict=True):
        if not default_storage.exists(name):
            _kept(copy, name)


def pair_names(proof_id: int, other_id: int) -> tuple[str, str]:
    return f"evidence/pairs/{proof_id}-{other_id}-1.jpg", f"evidence/pairs/{proof_id}-{other_id}-2.jpg"


def thumbnail(name: str) -> bytes:
    """A JPEG to recognise a receipt by, and too small to read one. Raises FileNotFoundError."""
    with default_storage.open(name, "rb") as stream, Image.open(stream) as copy:
        copy.draft("RGB", THUMBNAIL)
        copy.thumbnail(THUMBNAIL)
        small = io.BytesIO()
        copy.save(small, "JPEG", quality=70)
    return small.getvalue()


def drop(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _kept(copy: bytes, name: str) -> str:
    return str(default_storage.save(name, ContentFile(copy)))
