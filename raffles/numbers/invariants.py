"""What must hold in the database at any moment, in words for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from raffles.numbers.inventory import KIND
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import block_mismatches
from raffles.sales.models import HELD, Order

Claim = Ticket.Status
Status = Order.Status

HOLDING = Q(order__status__in=HELD) | Q(order__status=Status.UNDER_REVIEW, order__late_since=None)
SELLING = Q(order__status=Status.PAID)


def violations(_now: datetime) -> list[str]:
    return [*_counters(), *_claims(), *_twice(), *_totals(), *_range()]


def _counters() -> Iterator[str]:
    codes = dict(Raffle.objects.values_list("pk", "code"))
    for wrong in block_mismatches():
        yield (
            f"Raffle {codes[wrong.raffle_id]}, block {wrong.index}: the counters say {wrong.stored[0]} "
            f"reserved and {wrong.stored[1]} sold, the tickets {wrong.counted[0]} and {wrong.counted[1]}: "
            "pause the raffle and set the counters to what the tickets say."
        )


def _claims() -> Iterator[str]:
    wrong = (
        Q(status=Claim.SOLD) & ~SELLING
        | Q(status=Claim.RESERVED) & ~HOLDING
        | Q(status=Claim.RELEASED) & (SELLING | HOLDING)
    )
    for ticket in _with_names(Ticket.objects.filter(wrong)):
        yield (
            f"Number {ticket.raffle.label(ticket.number)} of {ticket.raffle.code} is {ticket.status} by "
            f"order {ticket.order.code}, which is {ticket.order.status}: pause the raffle and look at the "
            "history of the order."
        )


def _twice() -> Iterator[str]:
    live = Ticket.objects.exclude(status=Claim.RELEASED).order_by().values("raffle_id", "number")
    for found in live.annotate(holders=Count("pk")).filter(holders__gt=1):
        tickets = Ticket.objects.filter(raffle_id=found["raffle_id"], number=found["number"])
        orders = tickets.exclude(status=Claim.RELEASED).order_by("pk").values_list("order__code", flat=True)
        yield (
            f"Number {found['number']} of raffle {found['raffle_id']} belongs to the orders "
            f"{', '.join(orders)}: pause the raffle and ask the players before the draw."
        )


def _totals() -> Iterator[str]:
    priced = Order.objects.filter(kind=KIND).annotate(priced=Coalesce(Sum("tickets__price_minor"), 0))
    for order in priced.exclude(total_minor=F("priced")).order_by("pk"):
        yield (
            f"Order {order.code} charges {order.total_minor} and its tickets cost {order.priced}: do not "
            "confirm a payment of it before you know why."
        )


def _range() -> Iterator[str]:
    outside = Q(number__lt=F("raffle__first_number")) | Q(number__gt=F("raffle__last_number"))
    for ticket in _with_names(Ticket.objects.filter(outside)):
        yield (
            f"Number {ticket.raffle.label(ticket.number)} lies outside the range of {ticket.raffle.code}: "
            "let the range grow until it is inside again."
        )


def _with_names(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("raffle", "order").order_by("pk")
