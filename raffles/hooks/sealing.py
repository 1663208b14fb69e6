"""Secrets are sealed with SECRET_KEY: a copy of the database alone signs nothing in our name."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from raffles.hooks.errors import SecretUnreadable


def sealed(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable from None


def _box() -> Fernet:
    digest = hashlib.sha256(b"webhook secret:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
