"""Whatever is on sale, what leaves is within Meta's limits, as the simulator judges them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.models import Raffle
from tests.factories import make_player, raffle_fields
from tests.whatsapp.meta import NOW
from tests.whatsapp.turns import make_turn
from whatsapp.conversation import screens
from whatsapp.conversation.turn import Step
from whatsapp.messages import (
    Bubble,
    Button,
    Buttons,
    Choices,
    Row,
    Text,
    UnsendableBubble,
    choices_of,
    distinct,
    fit,
    meta_content,
    units,
    words_of,
)
from whatsapp.simulator.limits import check_message

LANGUAGES = ("es", "pt-br", "en")
BUSY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# What a form lets through: no NUL, not blank. The database itself takes no half of a surrogate pair.
letters = st.characters(codec="utf-8", exclude_characters="\x00")
signs = st.sampled_from("*_~`🎉👩‍👩‍👧é̀ \n\t")
written = st.text(letters | signs, min_size=1).filter(lambda text: bool(text.strip()))
currencies = st.sampled_from(["PYG", "USD", "EUR", "BRL", "KWD", "BTC", "XYZ", "JPY"])
catalogues = st.lists(
    st.fixed_dictionaries(
        {
            "title": written.map(lambda text: text[:120]).filter(lambda text: bool(text.strip())),
            "description": st.text(letters | signs, max_size=400),
            "price_minor": st.integers(1, 2**62),
            "currency": currencies,
            "first_number": st.integers(0, 50),
            "last_number": st.integers(50, 9_999_999),
            "number_width": st.integers(0, 9),
            "min_per_order": st.integers(1, 9),
            "max_per_order": st.integers(9, 500),
            "payment_instructions": st.text(letters | signs, max_size=5_000),
        }
    ),
    max_size=24,
)


def checked(bubble: Bubble | None) -> dict[str, Any]:
    assert bubble is not None
    content = meta_content(bubble)
    check_message({"messaging_product": "whatsapp", "to": "+595981000001", **content})
    return content


def put_on_sale(catalogue: list[dict[str, Any]]) -> list[Raffle]:
    """As many as there are in one statement; three stay rows enough for what each of them shows."""
    rows = [Raffle(**raffle_fields(**fields)) for fields in catalogue]
    return Raffle.objects.bulk_create(rows)


def all_pages() -> list[dict[str, Any]]:
    contents, page = [], 0
    while True:
        step: Step = screens.raffle_list(make_turn(), page=page)
        contents.append(checked(step.bubble))
        more = [row for row in getattr(step.bubble, "rows", ()) if row.id.startswith(f"raffles:{page + 1}:")]
        if not more:
            return contents
        page += 1


@pytest.mark.django_db
@BUSY
@given(catalogue=catalogues, language=st.sampled_from(LANGUAGES))
def test_any_catalogue_gives_lists_within_the_limits_that_show_every_raffle(
    catalogue: list[dict[str, Any]], language: str
) -> None:
    with transaction.atomic(), override(language):
        raffles = put_on_sale(catalogue)
        pages = all_pages()
        shown = [row["id"].split(":")[1] for content in pages for row in rows_of(content)]
        assert sorted(code for code in shown if not code.isdigit()) == sorted(each.code for each in raffles)
        transaction.set_rollback(True)


def rows_of(content: dict[str, Any]) -> list[dict[str, str]]:
    sections = content["interactive"]["action"].get("sections", [])
    return [row for section in sections for row in section["rows"]]


@pytest.mark.django_db
@BUSY
@given(catalogue=catalogues.filter(bool), language=st.sampled_from(LANGUAGES), data=st.data())
def test_any_raffle_and_order_is_shown_within_the_limits(
    catalogue: list[dict[str, Any]], language: str, data: st.DataObject
) -> None:
    with transaction.atomic(), override(language):
        raffle = put_on_sale(catalogue[:1])[0]
        player = make_player()
        most = min(raffle.max_per_order, raffle.size)
        count = data.draw(st.integers(min(raffle.min_per_order, most), most).filter(bool))
        turn = make_turn(player_id=player.pk)
        checked(screens.raffle(turn, raffle).bubble)
        if raffle.size >= raffle.min_per_order and raffle.price_minor * count < 2**62:
            first = raffle.first_number
            order = reserve_numbers(
                raffle_id=raffle.pk,
                player_id=player.pk,
                numbers=range(first, first + 2 * count, 2)
                if raffle.size >= 2 * count
                else range(first, first + count),
                now=NOW,
            )
            for step in (
                screens.order(turn, order),
                screens.order_list(turn),
                screens.really_cancel(turn, order),
            ):
                checked(step.bubble)
            checked(screens.which_order(turn, [order], [[1, "m:1"]]).bubble)
        transaction.set_rollback(True)


ids = st.lists(
    st.from_regex(r"[a-z]{1,8}:[A-Z0-9]{0,12}:[0-9]{1,9}", fullmatch=True), unique=True, min_size=1
)


@given(body=written, title=written, ids=ids, description=st.text(letters))
def test_any_words_are_fitted_into_any_kind_of_bubble(
    body: str, title: str, ids: list[str], description: str
) -> None:
    checked(Text(body))
    checked(Buttons(body, tuple(Button(each, title) for each in ids[:3])))
    checked(Choices(body, title, tuple(Row(each, title, description) for each in ids[:10])))


@given(text=st.text(letters | signs), limit=st.integers(4, 80))
def test_what_fits_stays_and_what_does_not_is_cut_between_characters(text: str, limit: int) -> None:
    found = fit(text, limit)
    assert units(found) <= limit
    if units(text.strip()) <= limit:
        assert found == text.strip()
    else:
        assert found.endswith("…")
        assert text.strip().startswith(found.removesuffix("…"))


@given(titles=st.lists(written, min_size=1, max_size=3))
def test_titles_that_are_cut_stay_different(titles: list[str]) -> None:
    found = distinct(titles, 20)
    assert len(set(found)) == len(titles)
    assert all(units(title) <= 20 for title in found)


@pytest.mark.parametrize(
    "bubble",
    [
        Text(" \n"),
        Buttons("x", ()),
        Buttons("x", tuple(Button(str(n), str(n)) for n in range(4))),
        Buttons("x", (Button("a", "1"), Button("a", "2"))),
        Buttons("x", (Button("", "1"),)),
        Buttons("x", (Button(" a", "1"),)),
        Buttons("x", (Button("a" * 201, "1"),)),
        Choices("x", "y", ()),
        Choices("x", "y", tuple(Row(str(n), "t") for n in range(11))),
        Choices("x", "y", (Row("a", "1"), Row("a", "2"))),
    ],
)
def test_a_bubble_that_meta_would_refuse_is_refused_here(bubble: Bubble) -> None:
    with pytest.raises(UnsendableBubble):
        meta_content(bubble)


def test_staff_can_read_what_was_stored() -> None:
    content = meta_content(Buttons("¿Sí?", (Button("a", "Sí"), Button("b", "No"))))
    assert (words_of(content), choices_of(content)) == ("¿Sí?", ["Sí", "No"])
    listed = meta_content(Choices("¿Cuál?", "Ver", (Row("a", "Una", "1"), Row("b", "Otra"))))
    assert (words_of(listed), choices_of(listed)) == ("¿Cuál?", ["Una", "Otra"])


@pytest.mark.django_db
def test_fifteen_raffles_are_nine_and_a_row_for_more_with_the_same_queries(
    django_assert_max_num_queries: Any,
) -> None:
    put_on_sale([{"title": f"Raffle {n}", "number_width": 2} for n in range(15)])
    with django_assert_max_num_queries(2):
        first, second = all_pages_of_two()
    assert len(rows_of(first)) == 10
    assert rows_of(first)[-1]["id"].startswith("raffles:1:")
    assert len(rows_of(second)) == 7
    assert rows_of(second)[-1]["id"].startswith("raffles:0:")


def all_pages_of_two() -> tuple[dict[str, Any], dict[str, Any]]:
    return checked(screens.raffle_list(make_turn()).bubble), checked(
        screens.raffle_list(make_turn(), page=1).bubble
    )
