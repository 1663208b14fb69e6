from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.api.issuing import issue
from raffles.api.models import Client, Token
from raffles.audit.models import Deed
from raffles.audit.recording import record


def make_token(
    *,
    client_name: str,
    user: User,
    scopes: Collection[str],
    networks: Collection[str] = (),
    expires_at: datetime | None = None,
    by: User,
    now: datetime,
) -> tuple[Token, str]:
    """A client of that name and user is made with its first token. The secret is handed out here only.

    IntegrityError where the name is somebody else's: the token would act for them.
    """
    with transaction.atomic():
        client, _is_new = Client.objects.get_or_create(
            name=client_name.strip(), user=user, defaults={"created_at": now}
        )
        token, secret = issue(client, scopes=scopes, networks=networks, expires_at=expires_at, by=by, now=now)
        told = {"client": client.name, "scopes": token.scopes, "networks": token.networks}
        record(Deed.TOKEN_MADE, subject=token, user=by, after=told, now=now)
    return token, secret
