"""What the text of a receipt says of the transfer, in Spanish, Portuguese or English; None for the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LARGEST_AMOUNT = 10**14
NUMBER = r"\d{1,3}(?:[.,\s']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
SIGNS = r"(?:R\$|US\$|U\$S|USD|BRL|PYG|ARS|EUR|Gs\.?|G\$|₲|€|\$)"
AMOUNT_LABELS = r"(?:monto|importe|valor|total|amount|quantia|cantidad)"
REFERENCE_LABELS = re.compile(
    r"(?:(?:n(?:ro|um(?:ero)?|o|°|º)?\.?\s*(?:de\s+|da\s+|do\s+)?)?"
    r"(?:operaci[o0]n|operac[a4]o|comprobante|comprovante|transacci[o0]n|transac[a4]o|transferencia|"
    r"control(?:e)?|autenticac[a4]o|autorizaci[o0]n|documento|movimiento|confirmation|transaction|reference)"
    r"(?:\s+(?:id|number|no\.?|nro\.?|code))?|referencia|ref\.?|e2e|id(?:\s+d[ae]\s+transac[a4]o)?)\s*[:#.\-]*\s*",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"(?=[A-Z0-9\-]*\d{3})[A-Z0-9][A-Z0-9\-]{4,39}", re.IGNORECASE)
DESTINATION_LABELS = re.compile(
    r"^(?:para|destinatari[oa]|beneficiari[oa]|favorecido|recebedor|a nombre de|quem recebeu|to|recipient|"
    r"payee|nombre del beneficiario|cuenta destino|conta destino)\b\s*[:.\-]*\s*(.*)$",
    re.IGNORECASE,
)
MONTHS = (
    ("ene", "jan"),
    ("feb", "fev"),
    ("mar",),
    ("abr", "apr"),
    ("may", "mai"),
    ("jun",),
    ("jul",),
    ("ago", "aug"),
    ("sep", "set"),
    ("oct", "out"),
    ("nov",),
    ("dic", "dez", "dec"),
)
IN_DIGITS = re.compile(r"\b(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})\b")
YEAR_FIRST = re.compile(r"\b(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})\b")
DAY_FIRST_IN_WORDS = re.compile(
    r"\b(\d{1,2})(?:\s+de)?[\s/\-]+([a-z]{3,10})\.?(?:\s+de[l]?)?[\s/\-,]+(\d{4})\b", re.IGNORECASE
)
MONTH_FIRST_IN_WORDS = re.compile(
    r"\b([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Transfer:
    reference: str
    amount_minor: int | None
    paid_on: date | None
    destination: str


def transfer_in(text: str, *, minor_digits: int) -> Transfer:
    return Transfer(
        reference=reference_in(text) or "",
        amount_minor=amount_in(text, minor_digits=minor_digits),
        paid_on=date_in(text),
        destination=destination_in(text) or "",
    )


def reference_in(text: str) -> str | None:
    """Behind its label, on the same line or on the next."""
    lines = _lines(text)
    for place, line in enumerate(lines):
        for label in REFERENCE_LABELS.finditer(line):
            if label.start() and line[label.start() - 1].isalnum():
                continue
            following = line[label.end() :] or (lines[place + 1] if place + 1 < len(lines) else "")
            found = REFERENCE.match(following)
            if found and not _is_date(found[0]) and following[found.end() : found.end() + 1] != "/":
                return found[0].strip("-").upper()
    return None


def amount_in(text: str, *, minor_digits: int) -> int | None:
    """What follows a label counts before what follows the sign of a currency; of equals the first."""
    lines = _lines(text)
    for pattern in (
        rf"{AMOUNT_LABELS}[^\d\n]{{0,30}}?({NUMBER})(?![\d/])",
        rf"{SIGNS}\s?({NUMBER})(?![\d/])",
        rf"(?<![\d/])({NUMBER})\s?(?:{SIGNS}|guaranies|reais|dolares)",
    ):
        for line in [*lines, *_with_next(lines)]:
            found = re.search(pattern, line, re.IGNORECASE)
            minor = None if found is None else _minor(found[1], minor_digits)
            if minor:
                return minor
    return None


def _with_next(lines: list[str]) -> Iterator[str]:
    """A label that stands above its value."""
    for label, value in pairwise(lines):
        if re.fullmatch(rf"{AMOUNT_LABELS}\b[^\d]{{0,30}}", label, re.IGNORECASE):
            yield f"{label} {value}"


def _minor(number: str, minor_digits: int) -> int | None:
    """A last group of one or two digits is a fraction; all other signs only group thousands."""
    fraction = re.search(r"[.,](\d{1,2})$", number)
    whole = re.sub(r"\D", "", number[: fraction.start()] if fraction else number)
    rest = fraction[1].ljust(2, "0") if fraction else "00"
    if len(whole) > 15:
        return None
    minor = int(whole + (rest + "0" * minor_digits)[:minor_digits])
    return minor if minor <= LARGEST_AMOUNT else None


def date_in(text: str) -> date | None:
    """The day before the month, unless only the other way round is a date."""
    for line in _lines(text):
        for numbers in _dates(line):
            try:
                return date(*numbers)
            except ValueError:
                continue
    return None


def _dates(line: str) -> Iterator[tuple[int, int, int]]:
    for year, month, day in YEAR_FIRST.findall(line):
        yield int(year), int(month), int(day)
    for day, month, year in IN_DIGITS.findall(line):
        full = int(year) + (2000 if len(year) == 2 else 0)
        yield full, int(month), int(day)
        yield full, int(day), int(month)
    for day, word, year in DAY_FIRST_IN_WORDS.findall(line):
        yield int(year), _month(word), int(day)
    for word, day, year in MONTH_FIRST_IN_WORDS.findall(line):
        yield int(year), _month(word), int(day)


def _month(word: str) -> int:
    """0, which no date has, for a word that is no month."""
    start = word.casefold()[:3]
    return next((place for place, names in enumerate(MONTHS, 1) if start in names), 0)


def _is_date(word: str) -> bool:
    return YEAR_FIRST.fullmatch(word) is not None or IN_DIGITS.fullmatch(word) is not None


def destination_in(text: str) -> str | None:
    lines = _lines(text, is_plain=False)
    for place, line in enumerate(lines):
        found = DESTINATION_LABELS.match(line)
        if found:
            words = found[1] or (lines[place + 1] if place + 1 < len(lines) else "")
            if len(words) >= 3:
                return words[:120]
    return None


def _lines(text: str, *, is_plain: bool = True) -> list[str]:
    """Without accents, which text readers see and miss as they like."""
    shown = unicodedata.normalize("NFKD", text) if is_plain else text
    kept = "".join(sign for sign in shown if not unicodedata.combining(sign))
    return [" ".join(line.split()) for line in kept.splitlines() if line.strip()]
