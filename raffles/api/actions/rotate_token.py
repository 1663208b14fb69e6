from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from raffles.api.issuing import issue
from raffles.api.models import Token
from raffles.api.refusals import TokenOver
from raffles.audit.models import Deed
from raffles.audit.recording import record


def rotate_token(*, token: Token, overlap: timedelta, by: User, now: datetime) -> tuple[Token, str]:
    """A new token with the same scopes, good for as long as the old one was when it was made.

    The old one ends with the overlap, or when it would have.
    """
    with transaction.atomic():
        fresh, secret = issue(
            token.client,
            scopes=token.scopes,
            networks=token.networks,
            expires_at=token.expires_at and now + (token.expires_at - token.created_at),
            by=by,
            now=now,
        )
        ends = min(filter(None, (token.expires_at, now + overlap)))
        live = Token.objects.filter(pk=token.pk, revoked_at=None, replaced_by=None)
        if not live.update(replaced_by=fresh, expires_at=ends):
            raise TokenOver(token.prefix)
        record(Deed.TOKEN_ROTATED, subject=token, user=by, after={"new": fresh.prefix}, now=now)
    return fresh, secret
