from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies


def minor_digits(currency: str) -> int:
    return get_currency_precision(currency)


def is_currency(code: str) -> bool:
    return code in list_currencies()


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, language: str) -> str:
    amount = Decimal(minor).scaleb(-minor_digits(currency))
    shown = format_currency(amount, currency, locale=Locale.parse(language, sep="-"))
    # CLDR wants a space between a code of letters and the digits ("PYG 50,000"); babel forgets it.
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", shown)
