"""The secrets that webhooks are signed with, kept sealed."""

from __future__ import annotations

from raffles import sealing
from raffles.hooks.errors import SecretUnreadable

PURPOSE = "webhook secret"


def sealed(secret: str) -> str:
    return sealing.sealed(secret, purpose=PURPOSE)


def opened(text: str) -> str:
    try:
        return sealing.opened(text, purpose=PURPOSE)
    except sealing.Unreadable:
        raise SecretUnreadable from None
