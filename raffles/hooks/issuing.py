from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from raffles.hooks.models import Secret, Subscription
from raffles.hooks.sealing import sealed
from raffles.hooks.signing import new_secret


@dataclass(frozen=True)
class Issued:
    """A secret that is shown now and never again."""

    subscription: Subscription
    secret: str


def issue_secret(subscription: Subscription, now: datetime) -> Issued:
    secret = new_secret()
    Secret.objects.create(subscription=subscription, sealed=sealed(secret), made_at=now)
    return Issued(subscription, secret)
