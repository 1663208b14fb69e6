"""How fast Meta lets us send, kept by not reaching the limit.

The number: 80 messages a second, in and out together. One person: one message in six seconds, of which some
forty may be had in advance.

Both are kept as the instant at which all that has left is paid for (the generic cell rate algorithm).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from whatsapp.models import BusinessNumber, Contact, OutboundMessage

# Meta counts whole seconds: nine tenths a second and a tenth at once are never more than it allows in one.
SHARE, BURST = 0.9, timedelta(milliseconds=100)
DEAREST = 2
PAIR_STEP = timedelta(seconds=6)
# Meta lends 45; the few that are left are for what others send under this number.
PAIR_LENT = 40 * PAIR_STEP


def cost(row: OutboundMessage) -> int:
    """An answer counts for two: the message that it answers came through the same limit."""
    return DEAREST if row.answers_id else 1


def allowance(number: BusinessNumber, at: datetime) -> int:
    """How many may leave now."""
    return max(0, (at + _burst() - _paid_until(number, at)) // _step())


def spend(number: BusinessNumber, count: int, at: datetime) -> None:
    number.paced_until = _paid_until(number, at) + count * _step()
    BusinessNumber.objects.filter(pk=number.pk).update(paced_until=number.paced_until)


def wait_for_one(number: BusinessNumber, at: datetime) -> timedelta:
    return max(timedelta(0), _paid_until(number, at) + DEAREST * _step() - _burst() - at)


def spend_for(contact_ids: Collection[int], at: datetime) -> None:
    """One message each."""
    paid = Greatest(Coalesce(F("paced_until"), at), at) + PAIR_STEP
    Contact.objects.filter(pk__in=contact_ids).update(paced_until=paid)


def within_pair_limit(rows: QuerySet[OutboundMessage], at: datetime) -> QuerySet[OutboundMessage]:
    lent = Q(contact__paced_until=None) | Q(contact__paced_until__lte=at + PAIR_LENT - PAIR_STEP)
    return rows.filter(lent)


def _paid_until(number: BusinessNumber, at: datetime) -> datetime:
    return at if number.paced_until is None else max(number.paced_until, at)


def _step() -> timedelta:
    return timedelta(seconds=1) / (SHARE * int(settings.WHATSAPP_MESSAGES_PER_SECOND))


def _burst() -> timedelta:
    """Where few may leave, a tenth of a second's worth would be less than one message, for ever."""
    return max(BURST, DEAREST * _step())
