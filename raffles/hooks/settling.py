"""What became of a try: arrived, to be tried again, or given up."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from raffles.hooks import trail
from raffles.hooks.calls import GONE, Call, Outcome
from raffles.hooks.models import Attempt, Delivery, Subscription
from raffles.hooks.schedule import next_try

logger = logging.getLogger(__name__)

Tell: TypeAlias = Callable[[Subscription, datetime], None]

Status, Why = Delivery.Status, Subscription.Why
# Less than the tries of one delivery take: all that was sent meanwhile failed as well.
LASTING = timedelta(hours=60)


def settle(call: Call, outcome: Outcome, now: datetime) -> bool:
    """Whether it arrived, and this worker is the one to say so.

    A worker whose lease ran out notes its try and nothing else: the row belongs to another.
    """
    with transaction.atomic():
        _note(call.delivery, outcome, now)
        changes = _changes(call.delivery, outcome, now)
        mine = Delivery.objects.filter(
            pk=call.delivery.pk, status=Status.PENDING, lease_until=call.lease_until
        )
        is_mine = bool(
            mine.update(lease_until=None, status_code=outcome.status_code, error=outcome.error, **changes)
        )
        if outcome.rest is not None:
            _let_rest(call.delivery.subscription_id, now + outcome.rest)
        if is_mine and changes.get("status") == Status.DEAD:
            _judge_receiver(call.delivery.subscription_id, outcome, now)
    return is_mine and outcome.has_arrived


def _note(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        status_code=outcome.status_code,
        milliseconds=outcome.milliseconds,
        error=outcome.error,
    )


def _changes(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    if outcome.has_arrived:
        return {"status": Status.DELIVERED, "closed_at": now}
    again_at = next_try(delivery.tries, now, chance=random.random())  # noqa: S311 - spreads load, hides nothing
    if outcome.status_code == GONE or again_at is None:
        return {"status": Status.DEAD, "closed_at": now}
    return {"next_try_at": max(again_at, now + (outcome.rest or timedelta(0)))}


def _let_rest(subscription_id: int, until: datetime) -> None:
    """Everything for it waits, or each of its events would knock once. Of two wishes the later counts."""
    shorter = Q(rests_until=None) | Q(rests_until__lt=until)
    Subscription.objects.filter(shorter, pk=subscription_id).update(rests_until=until)


def _judge_receiver(subscription_id: int, outcome: Outcome, now: datetime) -> None:
    if outcome.status_code == GONE:
        _switch_off(subscription_id, Why.GONE, now)
    elif not _has_heard_since(subscription_id, now - LASTING):
        _switch_off(subscription_id, Why.FAILING, now)


def _has_heard_since(subscription_id: int, since: datetime) -> bool:
    arrived = Delivery.objects.filter(subscription_id=subscription_id, status=Status.DELIVERED)
    return arrived.filter(closed_at__gt=since).exists()


def _switch_off(subscription_id: int, why: Subscription.Why, now: datetime) -> None:
    """What is on its way to it waits: staff may switch it on again."""
    on = Subscription.objects.filter(pk=subscription_id, disabled_at=None)
    if on.update(disabled_at=now, disabled_why=why):
        logger.warning("webhook %s was switched off: %s", subscription_id, why.value)
        subscription = Subscription.objects.get(pk=subscription_id)
        trail.switched(subscription, by=None, now=now)
        cast(Tell, import_string(settings.HOOKS_STOPPED))(subscription, now)
