"""How fast Meta lets us send, kept by not reaching the limit.

The number: 80 messages a second, in and out together. What left lately is counted, in steps of a twentieth of
a second, over a little more than one: however late a round of sending comes, it may take all that nobody
took, and no second ever holds more than Meta allows.

One person: one message in six seconds, of which some forty may be had in advance, kept as the instant at
which all that has left is paid for (the generic cell rate algorithm).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from whatsapp.models import BusinessNumber, Contact, OutboundMessage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(milliseconds=50)
# A second, the step that has just begun, and one more: what is claimed together does not arrive together.
STEPS = 22
# What one round may take of a second: a rush spreads over several rounds, a late round still catches up.
ROUND_SHARE = 0.3
DEAREST = 2
PAIR_STEP = timedelta(seconds=6)
# Meta lends 45; the few that are left are for what others send under this number.
PAIR_LENT = 40 * PAIR_STEP


def cost(row: OutboundMessage) -> int:
    """An answer counts for two: the message that it answers came through the same limit."""
    return DEAREST if row.answers_id else 1


def allowance(number: BusinessNumber, at: datetime) -> int:
    """How many may leave in this round."""
    lately = sum(units for _, units in _lately(number, at))
    return max(0, min(_limit() - lately, max(DEAREST, int(ROUND_SHARE * _limit()))))


def spend(number: BusinessNumber, count: int, at: datetime) -> None:
    lately = dict(_lately(number, at))
    lately[_step(at)] = lately.get(_step(at), 0) + count
    number.left_lately = [[step, units] for step, units in sorted(lately.items())]
    BusinessNumber.objects.filter(pk=number.pk).update(left_lately=number.left_lately)


def wait_for_one(number: BusinessNumber, at: datetime) -> timedelta:
    """Until enough of what left lately is out of sight for the dearest message."""
    lately = _lately(number, at)
    free, wait = _limit() - sum(units for _, units in lately), timedelta(0)
    for step, units in lately:
        if free >= DEAREST:
            break
        free, wait = free + units, EPOCH + STEP * (step + STEPS) - at
    return max(timedelta(0), wait)


def spend_for(contact_ids: Collection[int], at: datetime) -> None:
    """One message each."""
    paid = Greatest(Coalesce(F("paced_until"), at), at) + PAIR_STEP
    Contact.objects.filter(pk__in=contact_ids).update(paced_until=paid)


def is_within_pair_limit(paced_until: datetime | None, at: datetime) -> bool:
    return paced_until is None or paced_until <= at + PAIR_LENT - PAIR_STEP


def _lately(number: BusinessNumber, at: datetime) -> list[tuple[int, int]]:
    """Steps and what left in them, oldest first. Steps of the future are from a clock that was put back."""
    now = _step(at)
    return [(step, units) for step, units in number.left_lately if now - STEPS < step < now + STEPS]


def _step(at: datetime) -> int:
    return (at - EPOCH) // STEP


def _limit() -> int:
    return int(settings.WHATSAPP_MESSAGES_PER_SECOND)
