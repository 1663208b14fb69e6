"""The list of draws to come: when sales end, and how many numbers take part; of nobody which."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raffles.draws.actions import close_entries
from raffles.sales.models import Order
from tests.draws.staging import STAFF, after_sales, committed_raffle, draw_of, sold
from tests.factories import make_order
from tests.pages.looking import Place, get


def cards(client: Client) -> list[str]:
    body = get(client, "/draws/", accept_language="en").content.decode()
    return re.findall(r'<li class="card">.*?</li>', body, flags=re.DOTALL)


def test_an_open_draw_says_when_sales_end_for_the_reader_and_how_many_are_paid(
    place: Place, client: Client
) -> None:
    make_order(raffle=place.open, numbers=(50, 51), status=Order.Status.UNDER_REVIEW)
    (card,) = cards(client)
    assert "1 number paid so far" in card
    ends = f'Sales end: <time datetime="{place.open.sales_close_at:%Y-%m-%dT%H:%M:%SZ}" data-zone='
    assert ends in card
    sold(place.open, 52, 53)
    assert "3 numbers paid so far" in cards(client)[0]
    body = get(client, "/draws/", accept_language="es").content.decode()
    assert "3 números pagados hasta ahora" in body


def test_a_frozen_draw_says_when_and_how_many_take_part_and_names_none(place: Place, client: Client) -> None:
    frozen = committed_raffle(code="ICE", last_number=99_999, max_per_order=50, max_per_player=5_000)
    for number in (41_234, 52_345):
        sold(frozen, number)
    now = after_sales(frozen)
    close_entries(draw_id=draw_of(frozen).pk, actor=STAFF, now=now)
    (card,) = [card for card in cards(client) if "/draws/ICE/" in card]
    assert "2 numbers take part" in card
    assert f'Entries frozen: <time datetime="{now:%Y-%m-%dT%H:%M:%SZ}"' in card
    assert not re.search("41234|52345|41,234|52,345", card)


def test_the_list_asks_the_database_little_however_many_draws_come(place: Place, client: Client) -> None:
    for serial in range(8):
        sold(committed_raffle(code=f"NEXT{serial}"), 3)
    with CaptureQueriesContext(connection) as asked:
        assert len(cards(client)) == 9
    assert len(asked) <= 4
