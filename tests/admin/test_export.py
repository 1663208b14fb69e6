from __future__ import annotations

import csv
import io
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raffles.sales.admin.export import as_csv
from raffles.sales.admin.tables import OrderTable
from raffles.sales.models import Order
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, run_action, text
from tests.factories import NOW, make_order, make_player, make_raffle


def export(client: Client, orders: Collection[Order], **answers: str) -> Any:
    return run_action(client, Order, "export_as_csv", orders, **answers)


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def all_as_csv() -> bytes:
    return as_csv(OrderTable(), Order.objects.all(), User(is_superuser=True)).getvalue()


def many_orders(count: int) -> None:
    player = make_player()
    Order.objects.bulk_create(
        Order(
            code=f"{number:06d}".translate(str.maketrans("01", "AB")),
            player=player,
            kind="numbers",
            currency="PYG",
            total_minor=50_000,
            status="DRAFT",
            hold_minutes=15,
            expires_at=NOW,
            created_at=NOW,
        )
        for number in range(count)
    )


def test_the_chosen_orders_of_every_status_come_as_one_file(desk: Client) -> None:
    raffle, dollars = make_raffle(code="BIKE"), make_raffle(code="CAR", currency="USD", price_minor=1250)
    ana = make_player(name="Ana Núñez", phone="+595981222333")
    draft = make_order(raffle=raffle, player=ana, numbers=(7, 5), status="DRAFT")
    paid = make_order(raffle=dollars, player=make_player(name="=1+1"), numbers=(1,), status="PAID")
    cancelled = make_order(raffle=raffle, player=ana, numbers=(9,), status="CANCELLED")
    make_order(raffle=raffle, numbers=(90,))
    response = export(desk, [cancelled, draft, paid])
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="orders.csv"'
    found = rows_of(response.getvalue())
    assert [row["code"] for row in found] == [draft.code, paid.code, cancelled.code]
    assert [row["status"] for row in found] == ["DRAFT", "PAID", "CANCELLED"]
    assert [row["player"] for row in found] == ["Ana Núñez", "'=1+1", "Ana Núñez"]
    assert [row["phone"] for row in found] == ["'+595981222333", "", "'+595981222333"]
    assert [row["raffle code"] for row in found] == ["BIKE", "CAR", "BIKE"]
    assert [row["numbers"] for row in found] == ["05, 07", "01", "09"]
    assert [(row["amount"], row["currency"]) for row in found] == [
        ("100000", "PYG"),
        ("12.50", "USD"),
        ("50000", "PYG"),
    ]
    assert {datetime.fromisoformat(row["created"]).astimezone(UTC) for row in found} == {NOW}
    assert [bool(row["confirmed"]) for row in found] == [False, True, True]
    assert [bool(row["closed"]) for row in found] == [False, True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_run_as_a_formula(sign: str) -> None:
    make_order(player=make_player(name=f'{sign}HYPERLINK("x"),\n1'), raffle=make_raffle(code="CAR"))
    (row,) = rows_of(all_as_csv())
    assert row["player"] == f'\'{sign}HYPERLINK("x"),\n1'
    assert row["raffle code"] == "CAR"


def test_all_orders_that_a_filter_finds_can_be_taken_at_once(desk: Client) -> None:
    many_orders(60)
    first = Order.objects.all()[:1]
    assert len(rows_of(export(desk, first, select_across="1").getvalue())) == 60


@pytest.mark.parametrize(("count", "most"), [(1, 3), (499, 3), (501, 5)])
@pytest.mark.django_db
def test_five_hundred_rows_cost_as_many_queries_as_one(count: int, most: int) -> None:
    many_orders(count)
    with CaptureQueriesContext(connection) as caught:
        found = rows_of(all_as_csv())
    assert len({row["code"] for row in found}) == count
    assert len(caught) <= most


def test_a_mixed_choice_costs_the_same_however_long_it_is(desk: Client) -> None:
    costs = []
    for size in (2, 8):
        orders = [
            make_order(raffle=make_raffle(), numbers=(1, 2), status=Order.Status.values[number % 7])
            for number in range(size)
        ]
        with CaptureQueriesContext(connection) as caught:
            assert len(rows_of(export(desk, orders).getvalue())) == size
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 12


def test_exporting_needs_no_more_than_seeing_orders_and_no_less(client_of: ClientOf) -> None:
    order = make_order()
    viewer = client_of("sales.view_order")
    assert "Export as CSV" in text(viewer.get(list_of(Order)))
    assert len(rows_of(export(viewer, [order]).getvalue())) == 1
    other = client_of("sales.view_player", username="zoe")
    assert export(other, [order]).status_code == 403
