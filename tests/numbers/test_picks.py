from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.numbers.picks import (
    BadPick,
    BadPickReason,
    CountOrNumber,
    ExactPick,
    NumbersShape,
    RandomPick,
    parse_pick,
)
from tests.effort import calls_of, most_bytes_of

HUNDRED = NumbersShape(first=0, last=99, width=2, max_count=50)
MILLION = NumbersShape(first=1, last=1_000_000, width=7, max_count=50)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5,12,99", (5, 12, 99)),
        ("5 12 99", (5, 12, 99)),
        ("5, 12 y 99", (5, 12, 99)),
        ("5, 12 e 99", (5, 12, 99)),
        ("5 and 12", (5, 12)),
        ("5 & 12", (5, 12)),
        ("5; 12\n99", (5, 12, 99)),
        (" 5 ,, 12 ,", (5, 12)),
        ("10-15", (10, 11, 12, 13, 14, 15)),
        ("10 - 12", (10, 11, 12)),
        ("10–12", (10, 11, 12)),
        ("10 a 12", (10, 11, 12)),
        ("10 to 12", (10, 11, 12)),
        ("from 10 to 12", (10, 11, 12)),
        ("del 10 al 12", (10, 11, 12)),
        ("Del 10 al 12", (10, 11, 12)),
        ("10 até 12", (10, 11, 12)),
        ("de 10 a 12", (10, 11, 12)),
        ("desde 10 hasta 12", (10, 11, 12)),
        ("15-13", (13, 14, 15)),
        ("1-3, 9", (1, 2, 3, 9)),
        ("9 y del 1 al 3", (1, 2, 3, 9)),
        ("007", (7,)),
        ("7, 07, 007", (7,)),
        ("0", (0,)),
        ("#5 #12", (5, 12)),
        ("99, 5", (5, 99)),
        ("5, 12.", (5, 12)),
        ("5!", (5,)),
        ("٥, ١٢", (5, 12)),
        ("٥، ١٢", (5, 12)),
        ("५ १२", (5, 12)),
        ("５，１２", (5, 12)),
        ("5️⃣", (5,)),
        ("\u200e5\u200e, 12", (5, 12)),
        ("quiero el 5 y el 12", (5, 12)),
        ("Hola, quiero 5 y 12 por favor", (5, 12)),
        ("quiero 1 y 12", (1, 12)),
        ("quiero del 5 al 7", (5, 6, 7)),
        ("quiero 05", (5,)),
        ("quiero 57", (57,)),
        ("dame el 7, gracias", (7,)),
        ("los números 5 y 6", (5, 6)),
        ("número 5", (5,)),
        ("N° 5 y nº 12", (5, 12)),
        ("nro. 5", (5,)),
        ("quero o 5 e o 12", (5, 12)),
        ("I'd like 5 and 12, please", (5, 12)),
        ("the 5 and the 12", (5, 12)),
        ("cinco, doce", (5, 12)),
        ("el cinco", (5,)),
        ("cinco, treinta y dos", (5, 32)),
        ("dos y tres", (2, 3)),
        ("cinco e vinte e um", (5, 21)),
        ("five and twenty-one", (5, 21)),
        ("veintidós, dieciséis", (16, 22)),
        ("5 👍", (5,)),
        ("5 y 12 🙏🏽🍀", (5, 12)),
    ],
)
def test_numbers_are_read_as_players_write_them(text: str, numbers: tuple[int, ...]) -> None:
    assert parse_pick(text, HUNDRED) == ExactPick(numbers)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("random 3", 3),
        ("3 random", 3),
        ("RANDOM", 1),
        ("any 3", 3),
        ("3 random numbers", 3),
        ("3 al azar", 3),
        ("al azar 3", 3),
        ("azar 3", 3),
        ("aleatorio 3", 3),
        ("3 números al azar", 3),
        ("3 aleatórios", 3),
        ("sorteado 3", 3),
        ("surpresa 3", 3),
        ("3 ao acaso", 3),
        ("random ３", 3),
        ("random tres", 3),
        ("tres al azar por favor", 3),
        ("cualquiera", 1),
        ("dame 3 cualquiera", 3),
        ("un número cualquiera", 1),
        ("qualquer um", 1),
        ("random 50", 50),
    ],
)
def test_luck_is_asked_for_in_three_languages(text: str, count: int) -> None:
    assert parse_pick(text, HUNDRED) == RandomPick(count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ",",
        "hola",
        "5a",
        "a5",
        "5 manzanas",
        "5.000",
        "5.5",
        "-5",
        "5, -12",
        "5 -12",
        "\u200e-5",
        "1-2-3",
        "10-",
        "10 a",
        "del 10",
        "5 y",
        "y 5",
        "5 y y 12",
        "random 0",
        "random -3",
        "random 3 5",
        "random 3, 5",
        "5²",
        "½",
        "①",
        "5/12",
        "5+12",
        "1e5",
        "1\u200be5",
        "0x10",
        "👍",
        "5 👎",
        "💯",
        "五",
        "no 5",
        "no quiero el 5",
        "el 5 o el 12",
        "5, o 12",
        "quiero 2, el 5 y el 12",
        "quiero dos, cinco y doce",
        "2 números, 5 y 6",
        "5, el 12",
        "veinte cinco",
        "veinte y cinco",
        "treinta y 5",
        "ciento cinco",
        "los que terminan en 7",
        "quiero cambiar el 5 por el 12",
        "quiero",
        "por favor",
        "el número",
        "##5",
        "5#12",
        "5\u200b12",
        "\0",
        "1" * 5000,
    ],
)
def test_what_is_not_certain_is_not_understood(text: str) -> None:
    assert parse_pick(text, HUNDRED) == BadPick(BadPickReason.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("quiero 5", 5),
        ("quero 5", 5),
        ("I want 5", 5),
        ("quiero los 5", 5),
        ("5 números", 5),
        ("quiero comprar 3 boletos", 3),
        ("cinco", 5),
        ("uno", 1),
        ("treinta y dos", 32),
        ("vinte e cinco", 25),
        ("twenty five", 25),
    ],
)
def test_one_number_that_may_be_a_count_is_asked_about(text: str, number: int) -> None:
    assert parse_pick(text, HUNDRED) == CountOrNumber(number)


def test_where_only_one_is_possible_it_is_not_asked_about() -> None:
    assert parse_pick("quiero 5", NumbersShape(0, 99, 2, 1)) == ExactPick((5,))
    assert parse_pick("quiero 5", NumbersShape(100, 199, 3, 50)) == RandomPick(5)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("5, 100", ("100",)),
        ("95-120", ("120",)),
        ("100, 200", ("100", "200")),
        ("9" * 3000, ("9" * 10,)),
        ("1-1000000", ("1000000",)),
    ],
)
def test_numbers_outside_the_raffle_are_named(text: str, labels: tuple[str, ...]) -> None:
    assert parse_pick(text, HUNDRED) == BadPick(BadPickReason.OUT_OF_RANGE, labels=labels)


@pytest.mark.parametrize("text", ["0-50", "random 51", "random 999999999999", "0-30 40-70", "0-99"])
def test_more_than_an_order_may_have_is_refused_with_the_limit(text: str) -> None:
    assert parse_pick(text, HUNDRED) == BadPick(BadPickReason.TOO_MANY, limit=50)


def test_a_range_of_a_million_is_not_written_out() -> None:
    assert parse_pick("1-1000000", MILLION) == BadPick(BadPickReason.TOO_MANY, limit=50)
    assert (
        most_bytes_of(lambda: parse_pick("1-1000000", MILLION))
        < 100_000
        < most_bytes_of(lambda: [*range(100_000)])
    )


@pytest.mark.parametrize(
    "piece", ["1-99 ", "5,", "1 a ", "5 y ", "-", "#", "random ", "5", " ", "y ", "٥ ", "\u0301", "5-", "a"]
)
def test_a_message_of_four_times_the_characters_costs_about_four_times_the_work(piece: str) -> None:
    short, long = (piece * 3000)[:750], (piece * 3000)[:3000]
    parse_pick(long, HUNDRED)
    assert calls_of(lambda: parse_pick(long, HUNDRED)) <= 5 * calls_of(lambda: parse_pick(short, HUNDRED))


shapes = st.builds(
    lambda first, size, width, max_count: NumbersShape(first, first + size, width, max_count),
    first=st.integers(0, 100_000),
    size=st.integers(0, 9_000_000),
    width=st.integers(0, 9),
    max_count=st.integers(1, 500),
)
texts = st.one_of(
    st.text(),
    st.text(alphabet="0123456789٣५,; -–#.yaeo\nrandom al", max_size=60),
    st.lists(
        st.sampled_from(["quiero ", "el ", "los ", "o ", "cinco ", "treinta ", "números "])
        | st.sampled_from(["5", "12", "007", "-", ",", " y ", " a ", "random", "al azar", "#", "del ", "\n"])
    ).map("".join),
)


@given(text=texts, shape=shapes)
def test_whatever_is_written_a_pick_is_possible_or_refused(text: str, shape: NumbersShape) -> None:
    match parse_pick(text, shape):
        case ExactPick(numbers):
            assert 1 <= len(numbers) <= shape.max_count
            assert list(numbers) == sorted(set(numbers))
            assert shape.first <= numbers[0]
            assert numbers[-1] <= shape.last
        case CountOrNumber(number):
            assert 1 <= number <= shape.max_count
            assert shape.first <= number <= shape.last
        case RandomPick(count):
            assert 1 <= count <= shape.max_count
        case BadPick(reason, labels, limit):
            assert (labels != ()) == (reason is BadPickReason.OUT_OF_RANGE)
            assert limit == (shape.max_count if reason is BadPickReason.TOO_MANY else 0)


@given(shape=shapes, data=st.data(), between=st.sampled_from([", ", " ", ",", " y ", "\n", "; "]))
def test_a_pick_written_with_its_own_labels_is_the_same_pick(
    shape: NumbersShape, data: st.DataObject, between: str
) -> None:
    most = min(shape.max_count, 40)
    wanted = data.draw(st.sets(st.integers(shape.first, shape.last), min_size=1, max_size=most))
    numbers = tuple(sorted(wanted))
    text = between.join(shape.label(number) for number in numbers)
    assert parse_pick(text, shape) == ExactPick(numbers)


@given(first=st.integers(0, 99), last=st.integers(0, 99))
def test_a_range_is_the_same_from_both_ends(first: int, last: int) -> None:
    shape = NumbersShape(0, 99, 2, 500)
    low, high = sorted((first, last))
    for text in (f"{first}-{last}", f"del {first} al {last}", f"{last} to {first}"):
        assert parse_pick(text, shape) == ExactPick(tuple(range(low, high + 1)))
