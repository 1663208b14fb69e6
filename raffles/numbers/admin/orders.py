"""What this room adds to the pages of orders."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.numbers.inventory import KIND
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import beyond_limit
from raffles.sales.admin.additions import (
    Glance,
    Related,
    add_glance,
    add_order_links,
    add_remarks,
    add_search,
)
from raffles.sales.admin.showing import list_url, page_url
from raffles.sales.models import Order, Player


def glance(orders: Collection[Order]) -> dict[int, Glance]:
    tickets = Ticket.objects.filter(order__in=orders).select_related("raffle").order_by("order", "number")
    by_order: dict[int, list[Ticket]] = {order.pk: [] for order in orders}
    for ticket in tickets:
        by_order[ticket.order_id].append(ticket)
    return {order_id: _glance(found) for order_id, found in by_order.items()}


def _glance(tickets: list[Ticket]) -> Glance:
    live = [ticket for ticket in tickets if ticket.status != Ticket.Status.RELEASED] or tickets
    if not live:
        return Glance("", (), "")
    raffle = live[0].raffle
    return Glance(
        raffle.title,
        tuple(raffle.label(ticket.number) for ticket in live),
        raffle.code,
        raffle.draw_at,
        raffle.two_people_from_minor,
    )


def search(words: str) -> Q:
    raffles = Raffle.objects.filter(Q(code__iexact=words) | Q(title__icontains=words))
    return Q(pk__in=Ticket.objects.filter(raffle__in=raffles).values("order_id"))


def links(order: Order) -> Iterator[Related]:
    if order.kind == KIND:
        raffle = Raffle.objects.filter(tickets__order=order).first()
        if raffle is not None:
            yield Related(raffle.title, page_url(raffle), Raffle)
        yield Related(_("Tickets"), list_url(Ticket, order__id__exact=order.pk), Ticket)


def remarks(player: Player) -> Iterator[str]:
    for beyond in beyond_limit((player.pk,)):
        told = {"title": beyond.title, "has": beyond.has, "limit": beyond.limit}
        yield _now("%(title)s: %(has)d numbers, though a person may have %(limit)d; they stay theirs.") % told


add_glance(KIND, glance)
add_remarks(remarks)
add_search(search)
add_order_links(links)
