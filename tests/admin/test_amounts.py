from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.sales.admin.amounts import UnreadableAmount, read_amount, write_amount

CURRENCIES = st.sampled_from(["PYG", "USD", "BRL", "KWD"])


@given(minor=st.integers(min_value=0, max_value=10**12), currency=CURRENCIES)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    assert read_amount(write_amount(minor, currency), currency) == minor


@given(text=st.text(alphabet="0123456789., -'_abc٣", max_size=25), currency=CURRENCIES)
def test_whatever_is_typed_is_an_amount_or_not_understood(text: str, currency: str) -> None:
    with suppress(UnreadableAmount):
        assert read_amount(text, currency) >= 0


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.5", "PYG"),
        ("1,23,456", "USD"),
        ("1.234.5", "USD"),
        ("12.345.6", "BRL"),
        ("1234.567,00", "BRL"),
        ("٣", "PYG"),
    ],
)
def test_an_amount_that_could_mean_two_things_is_not_understood(text: str, currency: str) -> None:
    with pytest.raises(UnreadableAmount):
        read_amount(text, currency)
