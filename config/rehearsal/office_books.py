"""The product's rows as books, and whether anything still moves in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from config.rehearsal.books import Books, Claim, Event, Message, Purchase
from config.rehearsal.history import text_of
from raffles.numbers import invariants as numbers_invariants
from raffles.numbers.models import Ticket
from raffles.sales import invariants as sales_invariants
from raffles.sales.models import HELD, Order
from whatsapp import invariants as message_invariants
from whatsapp.models import InboundEvent, OutboundMessage

# The sweep comes once a minute; what is older was forgotten.
SWEEP_MAY_LAG = timedelta(seconds=90)
UNSENT = (OutboundMessage.Status.QUEUED, OutboundMessage.Status.SENDING)


def standing(now: datetime) -> dict[str, int]:
    return {
        "sold": Ticket.objects.filter(status=Ticket.Status.SOLD).count(),
        "held": Ticket.objects.filter(status=Ticket.Status.RESERVED).count(),
        "paid": Order.objects.filter(status=Order.Status.PAID).count(),
        "reviewing": Order.objects.filter(status=Order.Status.UNDER_REVIEW).count(),
        "unread": InboundEvent.objects.filter(status=InboundEvent.Status.NEW).count(),
        "unsent": OutboundMessage.objects.filter(status__in=UNSENT).count(),
        "sending": OutboundMessage.objects.filter(status=OutboundMessage.Status.SENDING).count(),
        "forgotten": _overdue(now - SWEEP_MAY_LAG).count(),
    }


def at_rest(now: datetime) -> bool:
    moving = standing(now)
    return not any(moving[name] for name in ("reviewing", "unread", "unsent", "forgotten"))


def _overdue(now: datetime) -> QuerySet[Order]:
    return Order.objects.filter(status__in=HELD, expires_at__lt=now)


def read_rows(now: datetime) -> Books:
    return Books(
        events=[
            Event(event.pk, str(event.payload.get("message", {}).get("id", "")), event.status)
            for event in InboundEvent.objects.filter(kind=InboundEvent.Kind.MESSAGE).order_by("pk").iterator()
        ],
        purchases=_purchases(now),
        claims=[
            Claim(raffle, number, order, status)
            for raffle, number, order, status in Ticket.objects.exclude(
                status=Ticket.Status.RELEASED
            ).values_list("raffle__code", "number", "order_id", "status")
        ],
        messages=_messages(now),
        doctor=[
            *sales_invariants.violations(now),
            *numbers_invariants.violations(now),
            *message_invariants.violations(now),
        ],
    )


def _purchases(now: datetime) -> list[Purchase]:
    overdue = set(_overdue(now - SWEEP_MAY_LAG).values_list("pk", flat=True))
    rows = Order.objects.order_by("pk").values_list("pk", "code", "status")
    return [Purchase(pk, code, status, pk in overdue) for pk, code, status in rows]


def _messages(now: datetime) -> list[Message]:
    due = Q(not_after=None) | Q(not_after__gt=now)
    going = set(OutboundMessage.objects.filter(due, status__in=UNSENT).values_list("pk", flat=True))
    return [
        Message(
            pk=row.pk,
            key=row.dedupe_key,
            status=row.status,
            wamid=row.wamid or "",
            text=text_of(row.content),
            answers=str(row.answers.payload.get("message", {}).get("id", "")) if row.answers else "",
            is_due=row.pk in going,
            error_code=row.error_code or 0,
        )
        for row in OutboundMessage.objects.select_related("answers").order_by("pk").iterator()
    ]
