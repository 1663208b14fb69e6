"""Sales made on paper: what is read, what is wrong with it, and what is sold."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from raffles.numbers.admin import paper
from raffles.numbers.admin.paper import BadFile, Check, check, read, reading, sell
from raffles.numbers.invariants import violations as number_violations
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.models import Order, Payment, Player
from tests.factories import NOW, make_order, make_raffle, make_staff

HEAD = "number,name,phone,amount\n"
GOOD = f"{HEAD}7,Ana Núñez,+595 981 222333,50000\n08,Bruno,,50.000\n9,ana  núñez,+595981222333,50000\n"


def csv_bytes(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


def xlsx_bytes(*rows: tuple[object, ...]) -> bytes:
    book, packed = Workbook(), io.BytesIO()
    for row in (("Número", "Nombre", "Teléfono", "Monto"), *rows):
        book.worksheets[0].append(row)
    book.save(packed)
    return packed.getvalue()


def checked(raffle: Raffle, content: bytes) -> Check:
    with override("en"):
        return check(raffle, read(content), now=NOW)


def words(found: Check) -> list[tuple[int, str]]:
    return [(problem.row, problem.words) for problem in found.problems]


def bad(content: bytes) -> str:
    with override("en"), pytest.raises(BadFile) as refused:
        read(content)
    return str(refused.value)


# Reading


def test_a_csv_is_read_with_any_of_the_usual_separators_and_headings() -> None:
    for text in (
        "number,name,phone,amount\n7,Ana,+595981222333,50000\n",
        "\ufeffNÚMERO;Nombre;Teléfono;Monto\r\n7;Ana;+595981222333;50000\r\n\r\n",
        "valor\ttelefone\tnome\tnumero\n50000\t+595981222333\tAna\t7\n",
    ):
        (line,) = read(text.encode())
        assert (line.number, line.name, line.phone, line.amount) == ("7", "Ana", "+595981222333", "50000")


def test_a_csv_that_excel_saved_in_its_old_alphabet_keeps_its_accents() -> None:
    (line,) = read(f"{HEAD}7,Núñez,,50000".encode("cp1252"))
    assert line.name == "Núñez"


def test_a_workbook_is_read_with_numbers_as_numbers() -> None:
    (line,) = read(xlsx_bytes((7, "Ana", 595981222333, 50000.0)))
    assert (line.row, line.number, line.phone, line.amount) == (2, "7", "595981222333", "50000")


def test_an_apostrophe_that_marks_text_is_no_part_of_it() -> None:
    (line,) = read(csv_bytes("7,Ana,'+595981222333,50000"))
    assert line.phone == "+595981222333"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The first row must head these columns: number, name, phone, amount."),
        (b"number,name,amount\n1,a,1", "The first row must head these columns: phone."),
        (HEAD.encode(), "no rows below its headings"),
        (b"\x00\x01\x02", "neither a CSV nor an Excel file"),
        (b"PK\x03\x04 and nothing more", "cannot be read"),
        (HEAD.encode() + b"1,a,,5\n" * 1_001, "more than 1000 rows"),
        (b"x" * (reading.MOST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, said: str) -> None:
    assert said in bad(content)


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (reading.MOST_UNPACKED + 1))
    assert len(packed.getvalue()) < reading.MOST_BYTES
    assert "too large when it is unpacked" in bad(packed.getvalue())


def test_a_zip_that_is_no_workbook_is_refused_in_words() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as other:
        other.writestr("a.txt", "hello")
    assert "cannot be read" in bad(packed.getvalue())


# Checking


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,Ana,,50000", "“x” is no number of this raffle."),
        (",Ana,,50000", "“” is no number of this raffle."),
        ("٥,Ana,,50000", "“٥” is no number of this raffle."),
        ("1000000000000,Ana,,50000", "“1000000000000” is no number of this raffle."),
        ("100,Ana,,50000", "Number 100 is outside 00–99."),
        ("5,Ana,,50000", "Number 05 is taken."),
        ("7, ,,50000", "The name is missing."),
        ("7,\x01\u200b,,50000", "The name is missing."),
        ("7,Ana,12,50000", "Write the phone with its country, such as +595 981 123456."),
        ("7,Ana,0981 222333 ext,50000", "Write the phone with its country, such as +595 981 123456."),
        ("7,Ana,,40000", "The amount must be the price of a number: 50000 PYG."),
        ("7,Ana,,1e9", "“1e9” is no amount."),
        ("7,Ana,,", "“” is no amount."),
        ("7,=1+1,,50000", "A cell begins with a sign of a formula."),
        ("7,@SUM(A1),,50000", "A cell begins with a sign of a formula."),
        ("=7,Ana,,50000", "A cell begins with a sign of a formula."),
        ("7,Ana,=595981222333,50000", "A cell begins with a sign of a formula."),
        ("7,Ana,,-50000", "A cell begins with a sign of a formula."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_beside_its_number(row: str, said: str) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=(5,))
    found = checked(raffle, csv_bytes("1,Bruno,,50000", row))
    assert words(found) == [(3, said)]
    assert not found.may_sell


@pytest.mark.django_db
def test_a_formula_in_a_workbook_is_not_worked_out() -> None:
    found = checked(make_raffle(), xlsx_bytes((7, '="A"&"na"', None, 50000)))
    assert words(found) == [(2, "A cell begins with a sign of a formula.")]


@pytest.mark.django_db
def test_a_number_twice_in_the_file_is_wrong_the_second_time() -> None:
    found = checked(make_raffle(), csv_bytes("7,Ana,,50000", "07,Bruno,,50000"))
    assert words(found) == [(3, "The number stands in row 2 already.")]


@pytest.mark.django_db
def test_the_limits_of_an_order_count_for_a_buyer() -> None:
    raffle = make_raffle(min_per_order=2, max_per_order=2)
    rows = ("1,Ana,,50000", "2,Bruno,,50000", "3,Bruno,,50000", "4,Bruno,,50000")
    assert words(checked(raffle, csv_bytes(*rows))) == [
        (2, "a buyer takes 2 numbers or more"),
        (3, "a buyer takes 2 numbers at most"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "PAUSED"}, "the raffle is not on sale now"),
        ({"sales_close_at": NOW - timedelta(minutes=1)}, "the raffle is not on sale now"),
        ({"max_per_player": 3}, "a person may have 3 numbers, and has 2"),
        (
            {"two_people_from_minor": 100_000},
            "from PYG\xa0100,000 on two people must confirm, which no file can",
        ),
    ],
)
def test_what_no_import_could_sell_is_said_before_any_is(changes: dict[str, object], said: str) -> None:
    raffle = make_raffle()
    imported(raffle, csv_bytes("1,Ana,+595981222333,50000", "2,Ana,+595981222333,50000"))
    Raffle.objects.filter(pk=raffle.pk).update(**changes)
    raffle.refresh_from_db()
    rows = ("7,ana,+595981222333,50000", "8,Ana,+595981222333,50000", "9,Bruno,,50000")
    found = checked(raffle, csv_bytes(*rows))
    ((row, told),) = words(found)
    assert (row, found.may_sell) == (2, False)
    assert said in told


@pytest.mark.django_db
def test_the_check_changes_nothing() -> None:
    found = checked(make_raffle(), GOOD.encode())
    assert (len(found.sales), found.may_sell) == (3, True)
    assert [model.objects.count() for model in (Player, Order, Payment)] == [0, 0, 0]


# Selling


def imported(raffle: Raffle, content: bytes) -> paper.Report:
    with override("en"):
        return sell(raffle, checked(raffle, content).sales, by=make_staff(), now=NOW)


@pytest.mark.django_db
def test_each_buyer_is_one_paid_order_with_its_cash() -> None:
    raffle = make_raffle()
    report = imported(raffle, GOOD.encode())
    assert (len(report.codes), report.numbers, report.problems) == (2, 3, [])
    ana = Player.objects.get(phone="+595981222333")
    order = Order.objects.get(player=ana)
    payment = Payment.objects.get(order=order)
    assert (ana.name, order.status, order.total_minor) == ("Ana Núñez", "PAID", 100_000)
    assert (payment.method, payment.amount_minor) == ("cash", 100_000)
    assert set(Ticket.objects.filter(order=order, status="SOLD").values_list("number", flat=True)) == {7, 9}
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


@pytest.mark.django_db
def test_the_same_file_twice_is_imported_once() -> None:
    raffle = make_raffle()
    imported(raffle, GOOD.encode())
    again = checked(raffle, GOOD.encode())
    assert (again.sales, len(again.done), again.problems, again.may_sell) == ([], 3, [], False)
    assert imported(raffle, GOOD.encode()).codes == []
    assert (Order.objects.count(), Player.objects.count()) == (2, 2)


@pytest.mark.django_db
def test_a_longer_file_adds_what_is_new_to_the_same_person() -> None:
    raffle = make_raffle()
    imported(raffle, GOOD.encode())
    report = imported(raffle, GOOD.encode() + b"10,Ana N\xc3\xba\xc3\xb1ez,+595981222333,50000\n")
    assert report.numbers == 1
    assert Player.objects.filter(phone="+595981222333").count() == 1


@pytest.mark.django_db
def test_a_number_that_was_sold_to_the_same_name_in_the_chat_is_taken_all_the_same() -> None:
    raffle = make_raffle()
    make_order(
        raffle=raffle, player=Player.objects.create(name="Ana", created_at=NOW), numbers=(7,), status="PAID"
    )
    assert words(checked(raffle, csv_bytes("7,Ana,,50000"))) == [(2, "Number 07 is taken.")]


@pytest.mark.django_db
def test_who_was_faster_since_the_check_costs_one_buyer_and_not_the_others() -> None:
    raffle = make_raffle()
    found = checked(raffle, GOOD.encode())
    make_order(raffle=raffle, numbers=(9,))
    with override("en"):
        report = sell(raffle, found.sales, by=make_staff(), now=NOW)
    assert report.numbers == 1
    assert [(one.row, one.words) for one in report.problems] == [
        (2, "these numbers belong to others by now: 09")
    ]
    assert not Ticket.objects.filter(number=7).exists()
    assert not Player.objects.filter(phone="+595981222333").exists()
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "PAUSED"}, "the raffle is not on sale now"),
        ({"sales_close_at": NOW - timedelta(minutes=1)}, "the raffle is not on sale now"),
        ({"max_per_player": 1}, "a person may have 1 numbers, and has 0"),
        ({"price_minor": 60_000}, "is the price now, and"),
        ({"two_people_from_minor": 100_000}, "two people must confirm"),
    ],
)
def test_what_the_actions_refuse_is_said_and_leaves_nothing(changes: dict[str, object], said: str) -> None:
    raffle = make_raffle()
    found = checked(raffle, csv_bytes("7,Ana,,50000", "8,Ana,,50000"))
    Raffle.objects.filter(pk=raffle.pk).update(**changes)
    with override("en"):
        report = sell(raffle, found.sales, by=make_staff(), now=NOW)
    assert said in report.problems[0].words
    assert [model.objects.count() for model in (Player, Order, Payment)] == [0, 0, 0]
