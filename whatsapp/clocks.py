"""A clock that was put back leaves instants that are days away: what waits for them would wait for days.

No wait of ours is as long as these bounds; nothing is forgotten but how long it was to be.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from whatsapp.models import BusinessNumber, Contact, InboundEvent, OutboundMessage
from whatsapp.outbox import pace
from whatsapp.outbox.claims import lease

# Machines of one house differ by less.
DIFFERENCE = timedelta(minutes=5)
# Two hours, and a third more by chance, is what Meta asks for at most.
LONGEST_REST = timedelta(hours=3)
LONGEST_RETRY = timedelta(minutes=15)

Out, In = OutboundMessage.Status, InboundEvent.Status


def forget_far_instants(*, now: datetime) -> None:
    queued = OutboundMessage.objects.filter(status=Out.QUEUED)
    sending = OutboundMessage.objects.filter(status=Out.SENDING)
    queued.filter(next_try_at__gt=now + LONGEST_REST).update(next_try_at=None)
    sending.filter(lease_until__gt=now + lease() + DIFFERENCE).update(lease_until=now)
    paced = Q(pk__in=queued.values("contact"), paced_until__gt=now + pace.PAIR_LENT + DIFFERENCE)
    Contact.objects.filter(paced).update(paced_until=None)
    far = BusinessNumber.objects.filter(held_until__gt=now + LONGEST_REST)
    far.update(held_until=None, hold_reason="")
    unread = InboundEvent.objects.filter(status=In.NEW, retry_at__gt=now + LONGEST_RETRY)
    unread.update(retry_at=None)
