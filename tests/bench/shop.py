"""A shop that has sold so many numbers, and the programs of partners that ask it things."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import STAFF, open_for_sale  # noqa: E402
from raffles.api.actions import make_token  # noqa: E402
from raffles.api.models import MadePlayer  # noqa: E402
from raffles.api.scopes import Scope  # noqa: E402
from raffles.numbers.actions import reserve_numbers  # noqa: E402
from raffles.numbers.models import BLOCK_SIZE, Raffle, Ticket  # noqa: E402
from raffles.sales.actions import confirm_order  # noqa: E402
from raffles.sales.models import Order, OrderChange, Player  # noqa: E402
from tests.bench.picker import CLEAN_UP, COUNT  # noqa: E402
from tests.bench.planner import copy, nth, six_letters  # noqa: E402

# So that each partner has a whole page of orders when a thousand numbers are sold.
PARTNERS, EACH = 5, 4
SELLING = 1_000_000
SCOPES = (Scope.RAFFLES_READ, Scope.RAFFLES_RESERVE, Scope.ORDERS_OWN)
MAKE_OWN = (
    "INSERT INTO api_madeorder (order_id, client_id) SELECT id, %(first)s + id %% %(many)s FROM sales_order"
)


def prepare(tickets: int) -> dict[str, Any]:
    """Every second number of one raffle is sold; of the other one nothing is."""
    now = timezone.now()
    open_for_sale(numbers=SELLING, most_per_order=EACH, hold_minutes=600, now=now)
    selling = Raffle.objects.get()
    sold = _another(selling, numbers=2 * tickets)
    partners = [_partner(serial, now) for serial in range(PARTNERS)]
    _sell(sold, partners[0]["player"], tickets, now)
    with connection.cursor() as cursor:
        cursor.execute(MAKE_OWN, {"first": partners[0]["client"], "many": PARTNERS})
        cursor.execute(CLEAN_UP[connection.vendor])
    orders = Order.objects.filter(made_by_client__client__in=[each["client"] for each in partners])
    assert orders.count() * EACH == Ticket.objects.count() == tickets
    return {"selling": selling.pk, "sold": sold, "partners": [_with_orders(each) for each in partners]}


def _another(raffle: Raffle, *, numbers: int) -> int:
    again = Raffle.objects.get(pk=raffle.pk)
    again.pk, again.draw, again.code = None, None, "VENDIDA"
    again.last_number, again.number_width = numbers - 1, 7
    again.save()
    return again.pk


def _partner(serial: int, now: datetime) -> dict[str, Any]:
    staff = User.objects.get(username=STAFF)
    token, secret = make_token(client_name=f"Tienda {serial}", user=staff, scopes=SCOPES, by=staff, now=now)
    player = Player.objects.create(name="Ana", language="es", created_at=now)
    MadePlayer.objects.create(player=player, client=token.client)
    return {"client": token.client_id, "token": secret, "player": player.pk}


def _sell(raffle_id: int, player_id: int, tickets: int, now: datetime) -> None:
    """One order by the actions, then copies of it, paid; the blocks are counted anew."""
    first = reserve_numbers(raffle_id=raffle_id, player_id=player_id, numbers=range(0, 2 * EACH, 2), now=now)
    confirm_order(order_id=first.pk, now=now)
    more = tickets // EACH - 1
    copy(
        Order,
        more,
        {"status": "'PAID'", "expires_at": "NULL", "closed_at": "created_at", "code": six_letters("n")},
    )
    for _ in range(OrderChange.objects.count()):
        copy(OrderChange, more, {"order_id": nth(Order)})
    before = Order.objects.latest("pk").pk - more
    claimed = {"order_id": f"{before} + (n - 1) / {EACH} + 1", "number": f"{2 * EACH} + 2 * (n - 1)"}
    copy(Ticket, more * EACH, claimed | {"status": "'SOLD'"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM raffles_numberblock")
        cursor.execute(COUNT, {"raffle": raffle_id, "size": BLOCK_SIZE})


def _with_orders(partner: dict[str, Any]) -> dict[str, Any]:
    """Some that it made, spread over all of them."""
    keys = Order.objects.filter(made_by_client__client=partner["client"]).order_by("pk")
    made = list(keys.values_list("pk", flat=True))
    return {**partner, "orders": made[:: max(1, len(made) // 200)]}


if __name__ == "__main__":
    answer_until_the_end({"prepare": prepare})
