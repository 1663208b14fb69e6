"""One call to a receiver. Runs in a thread and touches no row."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from raffles.hooks.errors import SecretUnreadable
from raffles.hooks.models import Delivery
from raffles.hooks.reach import reach
from raffles.hooks.schedule import asked_for
from raffles.hooks.sealing import opened
from raffles.hooks.signing import signed_headers
from raffles.outside import posting
from raffles.outside.addresses import BadAddress
from raffles.outside.posting import Answer, NoAnswer, Times

logger = logging.getLogger(__name__)

TIMES = Times(connect=5, read=10, whole=15)
GONE = 410
# The answers whose Retry-After means: not now, and nothing else either.
BUSY = frozenset({429, 503})


@dataclass(frozen=True)
class Call:
    delivery: Delivery
    lease_until: datetime
    sealed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """`error` is a key of the words in the admin; nothing that the receiver wrote is kept."""

    status_code: int | None = None
    error: str = ""
    milliseconds: int = 0
    # How long a busy receiver asks to be left alone.
    rest: timedelta | None = None

    @property
    def has_arrived(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def outcome_of(call: Call) -> Outcome:
    begun = time.monotonic()
    outcome = _tried(call)
    return replace(outcome, milliseconds=int((time.monotonic() - begun) * 1000))


def _tried(call: Call) -> Outcome:
    try:
        answer = _post(call)
        return Outcome(answer.status, rest=_rest(answer, call.at))
    except (BadAddress, NoAnswer) as failure:
        return Outcome(error="BadAddress" if isinstance(failure, BadAddress) else failure.kind)
    except SecretUnreadable:
        return Outcome(error="SecretUnreadable")
    except Exception as error:
        logger.exception("a webhook could not be called")
        return Outcome(error=type(error).__name__[:40])


def _rest(answer: Answer, at: datetime) -> timedelta | None:
    return asked_for(answer.retry_after, at) if answer.status in BUSY else None


def _post(call: Call) -> Answer:
    event = call.delivery.event
    body = event.body.encode()
    keys = [opened(text) for text in call.sealed]
    headers = signed_headers(keys, event_id=event.public_id, at=int(call.at.timestamp()), body=body)
    return posting.post(
        call.delivery.subscription.url,
        body=body,
        headers={"Content-Type": "application/json", "User-Agent": "raffle-webhooks/1", **headers},
        reach=reach(),
        times=TIMES,
    )
