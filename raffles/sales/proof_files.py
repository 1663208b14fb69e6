"""What a proof may be, judged by its bytes and never by its name, and where the copy is kept."""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from raffles.sales.errors import ProofKindNotAllowed, ProofTooLarge, ProofUnreadable

LARGEST_PROOF = 10 * 1024 * 1024
LARGEST_PICTURE_PIXELS = 50_000_000

_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class ProofKind:
    content_type: str
    extension: str
    picture_format: str | None


JPEG = ProofKind("image/jpeg", "jpg", "JPEG")
PNG = ProofKind("image/png", "png", "PNG")
WEBP = ProofKind("image/webp", "webp", "WEBP")
PDF = ProofKind("application/pdf", "pdf", None)


@dataclass(frozen=True)
class StoredProof:
    name: str
    content_type: str
    size: int
    sha256: str


def judged(content: bytes) -> ProofKind:
    if not content:
        raise ProofUnreadable
    if len(content) > LARGEST_PROOF:
        raise ProofTooLarge(LARGEST_PROOF)
    kind = _kind_by_magic(content)
    if kind is None:
        raise ProofKindNotAllowed
    if kind.picture_format is not None:
        _require_whole_picture(content, kind.picture_format)
    return kind


def store(content: bytes, kind: ProofKind, now: datetime, folder: str = "proofs") -> StoredProof:
    name = f"{folder}/{now:%Y}/{now:%m}/{secrets.token_hex(16)}.{kind.extension}"
    return StoredProof(
        name=default_storage.save(name, ContentFile(content)),
        content_type=kind.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def discard(stored: StoredProof) -> None:
    default_storage.delete(stored.name)


def _kind_by_magic(content: bytes) -> ProofKind | None:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return PDF if content.startswith(b"%PDF-") else None


def _require_whole_picture(content: bytes, picture_format: str) -> None:
    """Reads the header and the checks a format carries; pixels are never unpacked, so a bomb stays a file."""
    try:
        with Image.open(io.BytesIO(content), formats=[picture_format]) as picture:
            too_big = picture.width * picture.height > LARGEST_PICTURE_PIXELS
            picture.verify()
    except _UNREADABLE:
        raise ProofUnreadable from None
    if too_big:
        raise ProofUnreadable
