from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.sales.money import format_money, is_currency, minor_digits

LANGUAGES = ["es", "pt-br", "en"]
DIGITS = {"PYG": 0, "JPY": 0, "USD": 2, "BRL": 2, "BHD": 3, "KWD": 3}


@pytest.mark.parametrize(("currency", "digits"), DIGITS.items())
def test_a_currency_has_its_own_minor_unit(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("minor", "currency", "language", "shown"),
    [
        (50_000, "PYG", "es", "50.000 PYG"),
        (50_000, "PYG", "pt-br", "PYG 50.000"),
        (50_000, "PYG", "en", "PYG 50,000"),
        (123_450, "USD", "es", "1.234,50 US$"),
        (123_450, "USD", "pt-br", "US$ 1.234,50"),
        (123_450, "USD", "en", "$1,234.50"),
        (1_234, "KWD", "es", "1,234 KWD"),
        (1_234, "BHD", "pt-br", "BHD 1,234"),
        (1_234, "BHD", "en", "BHD 1.234"),
        (1_000, "BRL", "pt-br", "R$ 10,00"),
    ],
)
def test_money_is_shown_as_the_language_writes_it(
    minor: int, currency: str, language: str, shown: str
) -> None:
    assert format_money(minor, currency, language).replace("\N{NO-BREAK SPACE}", " ") == shown


@given(
    minor=st.integers(0, 10**15),
    currency=st.sampled_from(sorted(DIGITS)),
    language=st.sampled_from(LANGUAGES),
)
def test_what_is_shown_is_exactly_the_amount(minor: int, currency: str, language: str) -> None:
    shown = format_money(minor, currency, language)
    point = "." if language == "en" else ","
    figures = re.sub(rf"[^0-9{re.escape(point)}]", "", shown).replace(point, ".")
    assert Decimal(figures).scaleb(DIGITS[currency]) == minor


def test_only_real_currencies_are_currencies() -> None:
    assert is_currency("PYG")
    assert not is_currency("XYZ")
    assert not is_currency("pyg")
