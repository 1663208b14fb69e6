from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from raffles.hooks import nudges, trail
from raffles.hooks.catalogue import TEST
from raffles.hooks.errors import SubscriptionOff, TooManyTests
from raffles.hooks.models import Delivery, Subscription
from raffles.hooks.queries import locked_subscription
from raffles.hooks.telling import tell, written

# Whoever owns the address did not ask for any of them.
MOST_TESTS, WITHIN = 5, timedelta(minutes=1)


def send_test(*, subscription_id: int, by: User, now: datetime) -> Delivery:
    """An event about nothing, on the way that every other takes: signed, tried again, and in the log."""
    with transaction.atomic():
        subscription = locked_subscription(subscription_id)
        if subscription.disabled_at is not None:
            raise SubscriptionOff
        _require_few(subscription, now)
        event = written(TEST, at=now, data={"webhook": subscription.pk})
        [delivery] = tell(event, [subscription])
        trail.tested(delivery, by=by, now=now)
        nudges.wake()
        return delivery


def _require_few(subscription: Subscription, now: datetime) -> None:
    """Counted behind the lock of the row: two at once do not both find room."""
    tests = Delivery.objects.filter(subscription=subscription, event__kind=TEST, made_at__gt=now - WITHIN)
    if tests.count() >= MOST_TESTS:
        raise TooManyTests(MOST_TESTS)
