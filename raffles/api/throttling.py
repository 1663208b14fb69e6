from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from raffles.api import quotas
from raffles.api.addresses import counted_address
from raffles.api.authentication import Grant


class Quota(BaseThrottle):
    """Per program or person where a token was shown, per address otherwise."""

    standing: quotas.Standing

    def allow_request(self, request: Request, view: Any) -> bool:
        known = isinstance(request.auth, Grant)
        limit, seconds = settings.API_RATE if known else settings.API_RATE_ANONYMOUS
        bucket = view.caller if known else f"address:{counted_address(request) or 'unknown'}"
        self.standing = quotas.ask(bucket, limit=limit, seconds=seconds, at=time.time())
        view.standing = self.standing
        return self.standing.allowed

    def wait(self) -> float:
        return float(self.standing.resets_in)


def count_guess(request: Request, view: Any) -> None:
    """A token that is no good counts for its address. A good one from there is heard still: others may be
    behind the same address, and nobody guesses 256 bits between two answers."""
    limit, seconds = settings.API_RATE_ANONYMOUS
    bucket = f"guesses:{counted_address(request) or 'unknown'}"
    view.standing = quotas.ask(bucket, limit=limit, seconds=seconds, at=time.time())
    if not view.standing.allowed:
        raise Throttled(wait=view.standing.resets_in)
