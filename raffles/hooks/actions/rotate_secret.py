from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from raffles.hooks import trail
from raffles.hooks.issuing import Issued, issue_secret
from raffles.hooks.models import Secret
from raffles.hooks.queries import locked_subscription

OVERLAP = timedelta(hours=24)


def rotate_secret(*, subscription_id: int, by: User, now: datetime, overlap: timedelta = OVERLAP) -> Issued:
    """Until the overlap is over the old secret signs as well; without one it has leaked and ends now."""
    until = now + overlap
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        old = Secret.objects.filter(Q(signs_until=None) | Q(signs_until__gt=until))
        old.filter(subscription=subscription).update(signs_until=until)
        trail.secret_renewed(subscription, old_until=until, by=by, now=now)
        return issue_secret(subscription, now)
