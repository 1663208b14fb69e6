"""Secrets are sealed with SECRET_KEY: a copy of the database alone opens none of them.

What an old key of SECRET_KEY_FALLBACKS has sealed is opened too; only the new one seals.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with a SECRET_KEY that is not known here, for another purpose, or was changed."""


def sealed(secret: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(secret.encode()).decode()


def opened(text: str, *, purpose: str) -> str:
    try:
        return _box(purpose).decrypt(text.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _box(purpose: str) -> MultiFernet:
    """What is sealed for one purpose does not open for another."""
    return MultiFernet(
        [_key(purpose, each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(purpose: str, secret: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
