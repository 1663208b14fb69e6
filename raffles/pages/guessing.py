"""Codes of orders are short enough to be read out, so guessing them must be slow: wrong ones count for their
address, and from an address with too many not even a right one is answered for a while.

Counting across processes is the business of another room; the project says which (config/settings.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

MOST_WRONG = 30
SECONDS = 3600


def is_barred(request: HttpRequest) -> bool:
    used_up: Callable[..., bool] = import_string(settings.PAGES_USED_UP)
    return used_up(_bucket(request), **_quota())


def count_wrong(request: HttpRequest) -> None:
    import_string(settings.PAGES_COUNT)(_bucket(request), **_quota())


def _quota() -> dict[str, Any]:
    return {"limit": MOST_WRONG, "seconds": SECONDS, "at": time.time()}


def _bucket(request: HttpRequest) -> str:
    address = import_string(settings.PAGES_ADDRESS)(request)
    return f"codes:{address or 'unknown'}"
