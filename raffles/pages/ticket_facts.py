"""An order as whoever knows its code sees it: numbers and payment, and nothing of the person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse

from raffles.draws.models import Draw
from raffles.draws.queries import shown_winners
from raffles.numbers.models import Raffle, Ticket
from raffles.pages.finding import draw_of
from raffles.pages.wording import order_in_words
from raffles.sales.models import CODE, Order


@dataclass(frozen=True)
class Number:
    number: int
    label: str
    prize: str
    receipt: str


@dataclass(frozen=True)
class TicketFacts:
    order: Order
    raffle: Raffle
    draw: Draw | None
    numbers: list[Number]

    @property
    def state(self) -> str:
        return order_in_words(self.order)

    @property
    def is_paid(self) -> bool:
        return self.order.status == Order.Status.PAID


def order_by_code(code: str) -> Order | None:
    return Order.objects.filter(code=code).first() if is_code(code) else None


def is_code(code: str) -> bool:
    return re.fullmatch(CODE, code) is not None


def ticket_facts(order: Order) -> TicketFacts | None:
    """None for what was sold of another kind, or of a raffle that is no more public."""
    claims = list(Ticket.objects.filter(order=order).select_related("raffle__draw").order_by("number"))
    if not claims or claims[0].raffle.status == Raffle.Status.DRAFT:
        return None
    raffle = claims[0].raffle
    draw = draw_of(raffle)
    held = [claim.number for claim in claims if claim.status != Ticket.Status.RELEASED]
    return TicketFacts(order, raffle, draw, _numbers(order, raffle, draw, held))


def _numbers(order: Order, raffle: Raffle, draw: Draw | None, held: list[int]) -> list[Number]:
    won = {each.number: each.prize for each in shown_winners(draw) if not each.is_lost} if draw else {}
    has_receipt = draw is not None and draw.is_frozen and order.status == Order.Status.PAID
    return [
        Number(
            number=number,
            label=raffle.label(number),
            prize=won.get(number, ""),
            receipt=reverse("pages:receipt", args=[order.code, number]) if has_receipt else "",
        )
        for number in held
    ]
