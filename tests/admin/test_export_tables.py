"""Orders, payments, tickets and players as CSV and as Excel, from their lists."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db.models import Model
from django.test import Client
from openpyxl import load_workbook

from raffles.audit.models import AuditEntry
from raffles.numbers.models import Ticket
from raffles.sales.admin import export
from raffles.sales.models import Order, Payment, Player
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, run_action, told
from tests.admin.test_export import many_orders
from tests.factories import confirm, make_order, make_player, make_raffle, make_staff

Row = dict[str, str]
FORMULA = '=HYPERLINK("http://x","y")'


def as_csv(client: Client, model: type[Model], **answers: str) -> list[Row]:
    response = run_action(client, model, "export_as_csv", model._default_manager.all()[:1], **answers)
    assert response.streaming
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


def as_xlsx(client: Client, model: type[Model], **answers: str) -> list[Row]:
    response = run_action(client, model, "export_as_xlsx", model._default_manager.all()[:1], **answers)
    book = load_workbook(io.BytesIO(response.getvalue()))
    cells = list(book.worksheets[0].iter_rows())
    assert "f" not in {cell.data_type for line in cells for cell in line}  # no formula
    head, *rows = [[cell.value or "" for cell in line] for line in cells]
    return [dict(zip(map(str, head), map(str, row), strict=True)) for row in rows]


READERS = pytest.mark.parametrize("read", [as_csv, as_xlsx], ids=["csv", "xlsx"])


@pytest.fixture
def sold(db: None) -> Order:
    player = make_player(name=FORMULA, phone="+595981222333", email="ana@example.com", city="@Luque")
    order = make_order(
        raffle=make_raffle(code="CAR", currency="USD", price_minor=1250),
        player=player,
        numbers=(7,),
        status="UNDER_REVIEW",
    )
    confirm(order, by=make_staff("marta"))
    return order


@READERS
def test_payments_have_their_columns(desk: Client, sold: Order, read: Any) -> None:
    (row,) = read(desk, Payment, select_across="1")
    assert row.pop("confirmed")
    assert row == {
        "payment": str(Payment.objects.get().pk),
        "order": sold.code,
        "player": f"'{FORMULA}",
        "phone": "'+595981222333",
        "amount": "12.50",
        "currency": "USD",
        "method": "transfer",
        "reference": "",
        "confirmed by": "marta",
    }


@READERS
def test_tickets_have_their_columns(desk: Client, sold: Order, read: Any) -> None:
    (row,) = read(desk, Ticket, select_across="1")
    assert row == {
        "raffle code": "CAR",
        "number": "07",
        "status": "SOLD",
        "order": sold.code,
        "order status": "PAID",
        "player": f"'{FORMULA}",
        "phone": "'+595981222333",
        "price": "12.50",
        "currency": "USD",
    }


@READERS
def test_players_have_their_columns(desk: Client, sold: Order, read: Any) -> None:
    (row,) = read(desk, Player, select_across="1")
    assert row.pop("created")
    assert row == {
        "player": str(sold.player_id),
        "name": f"'{FORMULA}",
        "phone": "'+595981222333",
        "e-mail": "ana@example.com",
        "city": "'@Luque",
        "language": "es",
        "orders": "1",
        "merged into": "",
    }


def test_orders_are_the_same_in_both_files(desk: Client, sold: Order) -> None:
    assert as_xlsx(desk, Order) == as_csv(desk, Order) != []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_workbook_is_a_formula(desk: Client, sign: str) -> None:
    make_order(player=make_player(name=f"{sign}1+1"))
    (row,) = as_xlsx(desk, Order)
    assert row["player"].startswith("'")


def test_signs_that_no_workbook_knows_are_left_out(desk: Client) -> None:
    make_order(player=make_player(name="Ana\x01\x0b\uffff Núñez" + "x" * 10))
    (row,) = as_xlsx(desk, Order)
    assert row["player"] == "Ana Núñezxxxxxxxxxx"


@pytest.mark.parametrize("name", ['<Ana> & "Co" ]]> \'', "  Ana  ", "Ana\nNúñez", "💐", "_x0041_"])
def test_other_signs_come_as_they_are(desk: Client, name: str) -> None:
    make_order(player=make_player(name=name))
    (row,) = as_xlsx(desk, Order)
    assert row["player"] == name


def test_a_workbook_is_whole(desk: Client, sold: Order) -> None:
    response = run_action(desk, Order, "export_as_xlsx", Order.objects.all())
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            ElementTree.fromstring(packed.read(name))  # noqa: S314 - written by ourselves


@READERS
def test_a_filter_of_the_list_counts(desk: Client, sold: Order, read: Any) -> None:
    make_order(status="CANCELLED")
    address = f"{list_of(Order)}?status__exact=PAID"
    action = "export_as_csv" if read is as_csv else "export_as_xlsx"
    answer = desk.post(
        address, {"action": action, "_selected_action": [sold.pk], "select_across": "1"}, follow=True
    )
    content = answer.getvalue()
    if read is as_csv:
        assert [line.split(",")[0] for line in content.decode().splitlines()[1:]] == [sold.code]
    else:
        assert load_workbook(io.BytesIO(content)).worksheets[0].max_row == 2


@READERS
@pytest.mark.parametrize(
    ("model", "permission"),
    [
        (Order, "sales.view_order"),
        (Payment, "sales.view_payment"),
        (Ticket, "raffles.view_ticket"),
    ],
)
def test_names_and_phones_are_for_who_may_see_players(
    client_of: ClientOf, sold: Order, read: Any, model: type[Model], permission: str
) -> None:
    (row,) = read(client_of(permission), model)
    assert {"player", "phone"} & set(row) == set()
    assert "595981222333" not in str(row)
    (row,) = read(client_of(permission, "sales.view_player", username="zoe"), model)
    assert row["phone"] == "'+595981222333"


@pytest.mark.parametrize("action", ["export_as_csv", "export_as_xlsx"])
@pytest.mark.parametrize("model", [Order, Payment, Ticket, Player], ids=lambda model: model.__name__)
def test_who_may_not_look_may_not_export(
    client_of: ClientOf, sold: Order, model: type[Model], action: str
) -> None:
    stranger = client_of("desk.view_staffnotification")
    assert run_action(stranger, model, action, model._default_manager.all()).status_code == 403


def test_each_export_is_in_the_log(desk: Client, sold: Order) -> None:
    as_csv(desk, Payment)
    as_xlsx(desk, Player)
    found = AuditEntry.objects.filter(action="rows.exported").order_by("pk")
    assert [(entry.subject_label, entry.after) for entry in found] == [
        ("sales.Payment", {"rows": 1}),
        ("sales.Player", {"rows": 1}),
    ]


def test_more_rows_than_a_workbook_takes_are_refused_in_words(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_XLSX_ROWS", 2)
    many_orders(3)
    answer = run_action(desk, Order, "export_as_xlsx", Order.objects.all())
    assert "Excel files hold 2 rows at most" in told(answer)
    assert not AuditEntry.objects.filter(action="rows.exported").exists()


@pytest.mark.parametrize("action", ["export_as_csv", "export_as_xlsx"])
def test_a_long_file_is_not_held_in_memory(desk: Client, action: str) -> None:
    """The second thousand costs no memory more than the first: what was written has left."""
    many_orders(4_000)
    response = run_action(desk, Order, action, Order.objects.all()[:1], select_across="1")
    assert response.streaming
    parts = iter(response.streaming_content)
    peaks = []
    tracemalloc.start()
    try:
        for part in parts:
            assert len(part) < 200_000
            peaks.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert len(peaks) > 8
    assert peaks[-1] < 2 * max(peaks[:4])
