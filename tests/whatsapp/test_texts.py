"""Every sentence in every language: there, filled in, and short enough."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override

import whatsapp
from raffles.numbers.rules import HIGHEST_PER_ORDER
from raffles.sales.models import Order
from tests.admin.wording import said_to_staff
from whatsapp import texts
from whatsapp.messages import (
    BODY_LIMIT,
    BUTTON_TITLE_LIMIT,
    INTERACTIVE_BODY_LIMIT,
    ROW_TITLE_LIMIT,
    fit,
    units,
)
from whatsapp.texts import orders, paying, sale, showing

PACKAGE = f"{texts.__name__}."
LANGUAGES = [code for code, _ in settings.LANGUAGES]
TRANSLATED = ["es", "pt_BR"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
AT = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
LONG_TITLE = ("Gran rifa *anual* del Club_Social " * 4)[:120]
# The longest that a form or a screen lets through, by the name of the argument; other words are this long.
LONGEST_WORDS = "W" * 80
LONG_LINK = "https://sorteos.una-organizacion-larga.example/draws/WWWWWWWWWWWW/"
LONGEST_WINS = [f"Números *0000001, 0000003, 0000005 y 500 más*: {'W' * 50}"] * 4 + ["y 99 premios más"]
BY_NAME: dict[str, Sequence[Any]] = {
    "code": ["WWWWWW"],
    "zone": ["America/Argentina/ComodRivadavia"],
    "currency": ["PYG", "KWD", "USD"],
    "status": list(Order.Status.values),
    "kind": ["audio", "video", "sticker", "location", "contacts", "order", "edit", "hologram"],
    "problem": ["kind", "size", "empty", "gone", "unreached", "many", "other"],
    "title": [LONG_TITLE],
    "description": ["d" * 300],
    "instructions": ["i" * 9_000],
    "reason": ["r" * 500],
    "now": [AT - timedelta(minutes=15), AT - timedelta(days=3)],
    "at": [AT],
    "until": [AT],
    "draw_at": [AT],
    "most": [60],
    "limit_mb": [10],
    "first": ["0"],
    "last": ["9999999"],
    "run": ["0000010-0000014"],
    "example": [["0000005", "0000012", "0000099"]],
    "count": [0, 1, 2, HIGHEST_PER_ORDER],
    # Of draws: what the screens give at most.
    "lines": [LONGEST_WINS],
    "winners": [[f"{number:09d}" for number in range(0, 1_000, 2)], []],
    "codes": [["W" * 12] * 5],
    "links": [[LONG_LINK] * 3],
    "link": [LONG_LINK],
    "root": ["0" * 64],
    "rule_digest": ["0" * 64],
    "shown": ["ALIAS", "CITY"],
}
BY_TYPE: dict[Any, Sequence[Any]] = {
    str: ["", LONGEST_WORDS],
    int: [0, 1, 2, 500, 9_999_999],
    datetime: [AT],
    Sequence[str]: [["7"], [f"{number:09d}" for number in range(0, 1_000, 2)]],
}
LONG_TEXTS = {"how_to_pay", "rejected", "cancelled_by_staff", "refunded", "rule_changed", "called_off_news"}
ROWS = {"row_title", "more_row"}
NO_BUTTON = "old_button"  # speaks of one


def sentences() -> list[Callable[..., str]]:
    modules = [importlib.import_module(each.name) for each in pkgutil.iter_modules(texts.__path__, PACKAGE)]
    found: list[Callable[..., str]] = [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]
    assert len(modules) > 8
    assert len(found) > 100
    return found


def calls(function: Callable[..., str]) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Each argument at its longest and at its edges; arguments that are given by place stay in it."""
    hints = typing.get_type_hints(function)
    parameters = list(inspect.signature(function).parameters.values())
    choices = [BY_NAME.get(each.name) or BY_TYPE[hints[each.name]] for each in parameters]
    for values in itertools.islice(itertools.product(*choices), 200):
        named = {
            each.name: value
            for each, value in zip(parameters, values, strict=True)
            if each.kind is inspect.Parameter.KEYWORD_ONLY
        }
        yield (
            [
                value
                for each, value in zip(parameters, values, strict=True)
                if each.kind is not inspect.Parameter.KEYWORD_ONLY
            ],
            named,
        )


def limit_of(name: str) -> int:
    if name.endswith("_button") and name != NO_BUTTON:
        return BUTTON_TITLE_LIMIT
    if name in ROWS:
        return ROW_TITLE_LIMIT
    return BODY_LIMIT if name in LONG_TEXTS else INTERACTIVE_BODY_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", sentences(), ids=lambda each: f"{each.__module__[15:]}-{each.__name__}")
def test_every_sentence_is_filled_in_and_within_its_limit(
    function: Callable[..., str], language: str
) -> None:
    if typing.get_type_hints(function).get("return") is not str:
        return
    with override(language):
        for placed, named in calls(function):
            found = function(*placed, **named)
            assert "%(" not in found
            assert "None" not in found
            assert units(found) <= limit_of(function.__name__), (units(found), found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_or_row_is_ever_cut(language: str) -> None:
    with override(language):
        for count in range(1, HIGHEST_PER_ORDER + 1):
            assert units(sale.random_button(count)) <= BUTTON_TITLE_LIMIT
            assert units(sale.take_rest_button(count)) <= BUTTON_TITLE_LIMIT
        for status in Order.Status.values:
            assert units(orders.row_title("WWWWWW", status)) <= ROW_TITLE_LIMIT
    assert all(units(name) <= BUTTON_TITLE_LIMIT for _, name in settings.LANGUAGES)


def extracted() -> dict[tuple[str, str | None], tuple[str, ...]]:
    """Message ids of whatsapp/texts with their contexts, as Babel finds them."""
    folder = Path(whatsapp.__path__[0]) / "texts"
    found = {}
    for _file, _line, message, _comments, context in extract_from_dir(folder, [("**.py", "python")]):
        forms = message if isinstance(message, tuple) else (message,)
        found[forms[0], context] = forms
    return found


def catalogue(language: str) -> Catalog:
    path = Path(whatsapp.__path__[0]) / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_translates_what_players_or_staff_read_and_nothing_else(language: str) -> None:
    to_players = {key[0] for key in extracted()}
    to_staff = {each if isinstance(each, str) else each[0] for each in said_to_staff()}
    known = {strings[0] for message in catalogue(language) if (strings := ids_of(message))[0]}
    assert known - to_players - to_staff == set()


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    known, messages = catalogue(language), extracted()
    assert len(messages) > 100
    missing = [key for key in messages if not _is_translated(known.get(*key))]
    assert missing == []


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(strings_of(message))


def strings_of(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    known = catalogue(language)
    for key, forms in extracted().items():
        message = known.get(*key)
        assert message is not None
        strings = strings_of(message)
        # "Your order" counts nothing where "Your 3 orders" does.
        allowed = [placeholders(form) for form in forms]
        assert all(placeholders(string) in allowed for string in strings), key
        assert placeholders(strings[-1]) == allowed[-1], key


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_nothing_that_no_sentence_uses_twice_or_fuzzily(language: str) -> None:
    known = catalogue(language)
    assert not [message.id for message in known if message.id and message.fuzzy]
    assert not list(known.check())


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_long_the_instructions_the_reference_and_the_deadline_are_told(language: str) -> None:
    with override(language):
        found = paying.how_to_pay(
            total_minor=1,
            currency="PYG",
            instructions="🏦" * 9_000,
            code="WWWWWW",
            until=AT,
            zone="UTC",
            now=AT - timedelta(minutes=15),
        )
    sent = fit(found, BODY_LIMIT)
    assert "WWWWWW" in sent
    assert not sent.endswith("…")


def test_words_of_people_do_not_format_the_message() -> None:
    assert showing.plain("*Ana*\n_x_") == "*\u200bAna*\u200b _\u200bx_\u200b"


@pytest.mark.parametrize(
    ("language", "amount", "draw"),
    [
        ("es", "20.000\xa0PYG", "sábado, 28 de noviembre de 2026, 20:00"),
        ("pt-br", "PYG\xa020.000", "sábado, 28 de novembro de 2026, 20:00"),
        ("en", "PYG\xa020,000", "Saturday, November 28, 2026, 8:00 PM"),
    ],
)
def test_amounts_and_instants_are_written_as_the_language_writes_them(
    language: str, amount: str, draw: str
) -> None:
    with override(language):
        assert showing.money(20_000, "PYG") == amount
        assert showing.day_and_time(AT, "America/Asuncion") == draw
