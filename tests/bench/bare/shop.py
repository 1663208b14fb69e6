"""What the API and the desk are asked, as the plainest views that read and write the same rows."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from raffles.api.models import MadeOrder, MadePlayer
from raffles.api.paging import PAGE_SIZE
from raffles.api.serializing import money_of
from raffles.api.taken import taken
from raffles.api.views.order_fields import read_numbers, with_numbers
from raffles.numbers.actions import reserve_numbers
from raffles.numbers.models import Raffle
from raffles.numbers.queries import availability
from raffles.sales.models import Order, OrderChange

COLUMNS = (
    "id", "code", "status", "kind", "player_id", "created_at", "confirmed_at", "expires_at", "closed_at",
    "late_since",
)  # fmt: skip
HISTORY = ("from_status", "to_status", "at", "actor", "reason")


def orders(request: HttpRequest) -> HttpResponse:
    """One more than a page, as is read to see whether there is a next one."""
    rows = with_numbers(orders_of(request)).order_by("-id")
    return JsonResponse({"results": [shown(order) for order in rows[: PAGE_SIZE + 1]][:PAGE_SIZE]})


def orders_of(request: HttpRequest) -> QuerySet[Order]:
    return Order.objects.filter(made_by_client__client=int(request.GET["client"]))


def order(request: HttpRequest, pk: int) -> HttpResponse:
    found = with_numbers(orders_of(request)).get(pk=pk)
    history = [{name: getattr(change, name) for name in HISTORY} for change in found.changes.all()]
    return JsonResponse({**shown(found), "missing": money_of(0, found.currency), "history": history})


def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    raffle = Raffle.objects.get(pk=pk)
    found = taken(raffle, int(request.GET["first"]), int(request.GET["last"]))
    return JsonResponse({**asdict(availability(raffle)), "taken": asdict(found)})


def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    wish, client = json.loads(request.body), int(request.GET["client"])
    raffle = Raffle.objects.get(pk=pk)
    player_id = MadePlayer.objects.values_list("player", flat=True).get(client=client, player=wish["player"])
    with transaction.atomic():
        order = reserve_numbers(
            raffle_id=raffle.pk, player_id=player_id, numbers=wish["numbers"], now=timezone.now()
        )
        MadeOrder.objects.create(order=order, client_id=client)
    read_numbers(order)
    return JsonResponse(shown(order), status=201)


def newest(_request: HttpRequest) -> HttpResponse:
    """One look into one index: the least by which a page could learn that something moved."""
    return JsonResponse({"change": OrderChange.objects.order_by("-id").values_list("id", flat=True).first()})


def shown(order: Order) -> dict[str, Any]:
    tickets = list(order.tickets.all())
    return {
        **{name: getattr(order, name) for name in COLUMNS},
        "total": money_of(order.total_minor, order.currency),
        "raffle": tickets[0].raffle_id,
        "numbers": [ticket.raffle.label(ticket.number) for ticket in tickets],
    }


urlpatterns = [
    path("orders/", orders),
    path("orders/<int:pk>/", order),
    path("raffles/<int:pk>/availability/", numbers),
    path("raffles/<int:pk>/reserve/", reserve),
    path("newest/", newest),
]
