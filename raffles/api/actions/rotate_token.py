from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from raffles.api.issuing import issue
from raffles.api.models import Token
from raffles.api.refusals import TokenOver
from raffles.audit.models import Deed
from raffles.audit.recording import record


def rotate_token(
    *, token: Token, overlap: timedelta, by: User, now: datetime, not_after: datetime | None = None
) -> tuple[Token, str]:
    """A new token with the same scopes, good for as long as the old one was when it was made, and not
    beyond `not_after`: whoever asks with a token that ends gets none that outlives it.

    The old one ends with the overlap, or when it would have. Raises TokenOver where it has ended already.
    """
    whole = token.expires_at and now + (token.expires_at - token.created_at)
    with transaction.atomic():
        fresh, secret = issue(
            token.client,
            scopes=token.scopes,
            networks=token.networks,
            expires_at=min(filter(None, (whole, not_after)), default=None),
            by=by,
            now=now,
        )
        ends = min(filter(None, (token.expires_at, now + overlap)))
        in_force = Q(expires_at=None) | Q(expires_at__gt=now)
        live = Token.objects.filter(in_force, pk=token.pk, revoked_at=None, replaced_by=None)
        if not live.update(replaced_by=fresh, expires_at=ends):
            raise TokenOver(token.prefix)
        record(Deed.TOKEN_ROTATED, subject=token, user=by, after={"new": fresh.prefix}, now=now)
    return fresh, secret
