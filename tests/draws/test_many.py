"""Each of 100,000 sold numbers has its way to the root, and asking costs what it costs in a small raffle."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from raffles.draws.entries import frozen, receipt_of
from raffles.draws.errors import NotAnEntry
from raffles.draws.merkle import leaf, node, root_by
from raffles.draws.models import Draw
from raffles.numbers.models import Ticket
from tests.draws.staging import closed_draw, committed_raffle, draw_of, sold

pytestmark = pytest.mark.django_db

SOLD = 100_000
EVERY = 997


def large() -> Draw:
    raffle = committed_raffle(last_number=SOLD * 2)
    order = sold(raffle, 0)
    ticket = Ticket.objects.get(order=order)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status) "
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < %s) "
            "SELECT %s, n * 2, %s, %s, 'SOLD' FROM counted",
            [SOLD - 1, raffle.pk, order.pk, ticket.price_minor],
        )
    return closed_draw(raffle)


def levels_of(draw: Draw) -> list[list[bytes]]:
    """The whole tree, straight from the standard's definition bottom up."""
    levels = [[leaf(entry.text) for entry in frozen(draw)]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [below[at : at + 2] for at in range(0, len(below), 2)]
        levels.append([node(*pair) if len(pair) == 2 else pair[0] for pair in pairs])
    return levels


def test_every_sold_number_of_a_large_raffle_has_its_way_to_the_root(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    draw = large()
    levels = levels_of(draw)
    assert (len(levels[0]), levels[-1][0].hex()) == (SOLD, draw.root)
    assert all(climbed(levels, at) == levels[-1][0] for at in range(SOLD))
    for at in (*range(0, SOLD, EVERY), SOLD - 1):
        with django_assert_max_num_queries(3):
            receipt = receipt_of(draw, at * 2)
        assert root_by(levels[0][at], receipt.path).hex() == draw.root
        assert receipt.position == at
    with pytest.raises(NotAnEntry):
        receipt_of(draw, 1)


def climbed(levels: list[list[bytes]], at: int) -> bytes:
    found = levels[0][at]
    for level in levels[:-1]:
        other = at ^ 1
        if other < len(level):
            found = node(found, level[other]) if other > at else node(level[other], found)
        at //= 2
    return found


def test_whoever_was_left_out_has_no_receipt() -> None:
    raffle = committed_raffle()
    sold(raffle, 5, 7)
    Ticket.objects.filter(raffle=raffle, number=7).update(status=Ticket.Status.RELEASED)
    draw = closed_draw(raffle)
    assert receipt_of(draw, 5).draw == draw_of(raffle)
    with pytest.raises(NotAnEntry):
        receipt_of(draw, 7)
