"""How a token looks, and which of those shown to us are good."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db.models import Q

from raffles.api.models import Token

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

MARK = "raf"
USED_EVERY = timedelta(minutes=1)


def new_secret() -> tuple[str, str]:
    """The prefix that is kept and the whole token that is shown once."""
    prefix = f"{MARK}_{secrets.token_hex(6)}"
    return prefix, f"{prefix}_{secrets.token_urlsafe(32)}"


def digest_of(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()


def token_of(shown: str) -> Token | None:
    """None for what never was a token of ours; whether it is good still is the caller's question."""
    prefix = "_".join(shown.split("_")[:2])
    token = Token.objects.select_related("client__user").filter(prefix=prefix[:16]).first()
    # An unknown prefix costs the same comparison, so that the time tells nothing.
    expected = token.digest if token else digest_of("")
    return token if secrets.compare_digest(expected, digest_of(shown)) else None


def is_good(token: Token, now: datetime) -> bool:
    over = token.expires_at is not None and token.expires_at <= now
    return token.revoked_at is None and not over and token.client.user.is_active


def comes_from(networks: Collection[str], address: str) -> bool:
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(network) for network in networks)


def are_within(networks: Collection[str], limits: Collection[str]) -> bool:
    """Whether whoever may come from these may come from those as well; none at all are anywhere."""
    wide = [ipaddress.ip_network(limit) for limit in limits]
    narrow = [ipaddress.ip_network(network) for network in networks or ("0.0.0.0/0", "::/0")]
    return not wide or all(any(_is_inside(each, limit) for limit in wide) for each in narrow)


def _is_inside(network: Network, limit: Network) -> bool:
    return network.version == limit.version and network.subnet_of(limit)  # type: ignore[arg-type]


def note_use(token: Token, now: datetime) -> None:
    """Once a minute is enough to see whether a token is in use, and spares every other call a write."""
    if token.last_used_at is not None and now - token.last_used_at < USED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
    Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)
