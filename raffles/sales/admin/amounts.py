"""Amounts as people type them, in units of the currency: 50000, 50.000, 12,50, 1,234.500."""

from __future__ import annotations

import re
from decimal import Decimal

from raffles.sales.money import minor_digits

_AMOUNT = re.compile(r"[0-9]+(?:[.,][0-9]+)*\Z")
MOST_DIGITS = 15
# Of the smallest unit: many such payments together must still fit into the books.
LARGEST_MINOR = 10**17


class UnreadableAmount(ValueError):
    pass


def read_amount(text: str, currency: str) -> int:
    """In minor units. A last group of as many digits as the currency has decimals, or fewer, is decimals;
    every other group after a separator has three digits, or the amount is not understood."""
    text = re.sub(r"[\s_']", "", text)
    if not _AMOUNT.match(text) or sum(sign.isdigit() for sign in text) > MOST_DIGITS:
        raise UnreadableAmount(text)
    head, *groups = re.split(r"[.,]", text)
    digits = minor_digits(currency)
    decimals = groups.pop() if groups and len(groups[-1]) <= digits else ""
    if any(len(group) != 3 for group in groups) or (groups and not 1 <= len(head) <= 3):
        raise UnreadableAmount(text)
    if decimals and groups and text[-len(decimals) - 1] in text[: -len(decimals) - 1]:
        raise UnreadableAmount(text)
    minor = int(head + "".join(groups) + decimals.ljust(digits, "0"))
    if minor >= LARGEST_MINOR:
        raise UnreadableAmount(text)
    return minor


def write_amount(minor: int, currency: str) -> str:
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"
