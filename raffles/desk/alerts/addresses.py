"""Which addresses a webhook of staff may have."""

from __future__ import annotations

from django.conf import settings

from raffles.outside import addresses
from raffles.outside.addresses import BadAddress, Reach

__all__ = ["BadAddress", "reach", "require_allowed"]


def reach() -> Reach:
    return Reach.ANYWHERE if settings.STAFF_WEBHOOKS_LOCAL else Reach.INTERNET


def require_allowed(url: str) -> None:
    addresses.require_allowed(url, reach())
