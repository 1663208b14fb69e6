from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from raffles.draws.errors import EntriesFrozen
from raffles.draws.models import Draw, Exclusion
from raffles.numbers.counters import add_reserved, move_counts
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.errors import UnitsGone, UnitsNotHeld
from raffles.sales.inventory import Line, Offering
from raffles.sales.models import Order

KIND = "numbers"

Status = Ticket.Status


class NumbersInventory:
    def offering(self, order: Order) -> Offering:
        raffle = _raffle_of(order)
        return Offering(
            title=raffle.title,
            code=raffle.code,
            payment_instructions=raffle.payment_instructions,
            draw_at=raffle.draw_at,
            time_zone=raffle.time_zone,
            is_closed=raffle.status == Raffle.Status.CLOSED,
            two_people_from_minor=raffle.two_people_from_minor,
        )

    def lines(self, order: Order) -> tuple[Line, ...]:
        tickets = list(Ticket.objects.filter(order=order).select_related("raffle").order_by("number"))
        live = [ticket for ticket in tickets if ticket.status != Status.RELEASED]
        return tuple(
            Line(ticket.raffle.label(ticket.number), ticket.price_minor) for ticket in live or tickets
        )

    def sell(self, order: Order) -> None:
        with transaction.atomic():
            held = _tickets(order, Status.RESERVED)
            if sum(ticket.price_minor for ticket in held) != order.total_minor:
                raise UnitsNotHeld(order.code)
            Ticket.objects.filter(order=order, status=Status.RESERVED).update(status=Status.SOLD)
            move_counts(_raffle_of(order).pk, _numbers(held), reserved=-1, sold=1)

    def release(self, order: Order) -> None:
        with transaction.atomic():
            held, sold = _tickets(order, Status.RESERVED), _tickets(order, Status.SOLD)
            if sold:
                _require_not_frozen(sold[0].raffle)
            Ticket.objects.filter(order=order).update(status=Status.RELEASED)
            if held:
                move_counts(held[0].raffle_id, _numbers(held), reserved=-1)
            if sold:
                move_counts(sold[0].raffle_id, _numbers(sold), reserved=0, sold=-1)

    def lost(self, order: Order) -> tuple[str, ...]:
        released = _tickets(order, Status.RELEASED)
        return _labels_of_taken(released) if released else ()

    def reclaim(self, order: Order) -> None:
        lost = _tickets(order, Status.RELEASED)
        if not lost:
            return
        try:
            with transaction.atomic():
                _hold_one_by_one(lost)
                _require_not_excluded(lost)
                add_reserved(lost[0].raffle_id, _numbers(lost))
        except IntegrityError:
            raise UnitsGone(_labels_of_taken(lost)) from None


def _require_not_frozen(raffle: Raffle) -> None:
    """The database says so too, also to whoever comes a moment after this look."""
    if raffle.draw is not None and raffle.draw.status == Draw.Status.CLOSED:
        raise EntriesFrozen(raffle.code)


def _require_not_excluded(tickets: list[Ticket]) -> None:
    """Published as taking no part, a number stays out of the draw, or its document would contradict itself.

    After the claim: until the excluding order has let go of the number the claim waits for it.
    """
    if _excluded(tickets):
        raise UnitsGone(_labels_of_taken(tickets))


def _excluded(tickets: list[Ticket]) -> set[int]:
    lists = Exclusion.objects.filter(draw=tickets[0].raffle.draw_id).values_list("numbers", flat=True)
    return set(_numbers(tickets)) & set().union(*lists)


def _hold_one_by_one(tickets: list[Ticket]) -> None:
    """In sorted order like every claim, so that two who want the same numbers cannot wait in a circle."""
    for ticket in tickets:
        Ticket.objects.filter(pk=ticket.pk, status=Status.RELEASED).update(status=Status.RESERVED)


def _labels_of_taken(tickets: list[Ticket]) -> tuple[str, ...]:
    raffle = tickets[0].raffle
    live = Ticket.objects.filter(raffle=raffle, number__in=_numbers(tickets)).exclude(status=Status.RELEASED)
    return raffle.labels(sorted(_excluded(tickets).union(live.values_list("number", flat=True))))


def _tickets(order: Order, status: str) -> list[Ticket]:
    tickets = Ticket.objects.filter(order=order, status=status)
    return list(tickets.select_related("raffle").order_by("number"))


def _numbers(tickets: Iterable[Ticket]) -> list[int]:
    return [ticket.number for ticket in tickets]


def _raffle_of(order: Order) -> Raffle:
    return Raffle.objects.filter(tickets__order=order).distinct().get()
