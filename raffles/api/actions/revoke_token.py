from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.api.models import Token
from raffles.api.refusals import TokenOver
from raffles.audit.models import Deed
from raffles.audit.recording import record


def revoke_token(*, token: Token, by: User, now: datetime) -> Token:
    """At once, and for good."""
    with transaction.atomic():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise TokenOver(token.prefix)
        record(Deed.TOKEN_REVOKED, subject=token, user=by, now=now)
    token.revoked_at = now
    return token
