"""What making a token and rotating one share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from ipaddress import ip_network

from django.contrib.auth.models import User

from raffles.api.models import Client, Token
from raffles.api.refusals import NetworkUnreadable, ScopeUnknown
from raffles.api.scopes import Scope
from raffles.api.tokens import digest_of, new_secret


def issue(
    client: Client,
    *,
    scopes: Collection[str],
    networks: Collection[str],
    expires_at: datetime | None,
    by: User,
    now: datetime,
) -> tuple[Token, str]:
    """The row, and the secret that nobody can read from it again."""
    prefix, secret = new_secret()
    token = Token.objects.create(
        client=client,
        prefix=prefix,
        digest=digest_of(secret),
        scopes=known_scopes(scopes),
        networks=read_networks(networks),
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    return token, secret


def known_scopes(scopes: Collection[str]) -> list[str]:
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise ScopeUnknown(", ".join(unknown))
    return sorted(set(scopes))


def read_networks(networks: Collection[str]) -> list[str]:
    try:
        return sorted({str(ip_network(network.strip())) for network in networks})
    except ValueError as problem:
        raise NetworkUnreadable(str(problem)) from None
