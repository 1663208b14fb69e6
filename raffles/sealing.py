"""Secrets are sealed with SECRET_KEY: a copy of the database alone opens none of them."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with another SECRET_KEY, for another purpose, or was changed."""


def sealed(secret: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(secret.encode()).decode()


def opened(text: str, *, purpose: str) -> str:
    try:
        return _box(purpose).decrypt(text.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _box(purpose: str) -> Fernet:
    """What is sealed for one purpose does not open for another."""
    digest = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
