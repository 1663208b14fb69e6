"""Where the copies that are shown are kept: beside the originals, as private as they are."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


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


def drop(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _kept(copy: bytes, name: str) -> str:
    return str(default_storage.save(name, ContentFile(copy)))
