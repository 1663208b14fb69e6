"""A file of staff is as foreign as any: bounded before it is unpacked, and nothing in it is run."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 20 * MOST_BYTES
MOST_ROWS = 1_000
LONGEST_CELL = 200
ZIP = b"PK\x03\x04"
COLUMNS = ("number", "name", "phone", "amount")
# How people head these columns in the three languages of the product.
HEADINGS = {
    "number": {"number", "numero", "número", "boleto"},
    "name": {"name", "nombre", "nome"},
    "phone": {"phone", "telefono", "teléfono", "telefone", "celular"},
    "amount": {"amount", "monto", "importe", "valor"},
}


class BadFile(Exception):
    """The words are for staff."""


@dataclass(frozen=True)
class Line:
    """As typed; `row` is its number in the file."""

    row: int
    number: str
    name: str
    phone: str
    amount: str


def read(content: bytes) -> list[Line]:
    if len(content) > MOST_BYTES:
        raise BadFile(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    rows = _workbook(content) if content.startswith(ZIP) else _csv(content)
    lines = list(_lines(rows))
    if not lines:
        raise BadFile(_("The file has no rows below its headings."))
    return lines


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    numbered = enumerate(rows, start=1)
    places = _places(next(numbered, (1, ()))[1])
    for row, cells in numbered:
        if row > MOST_ROWS + 1:
            raise BadFile(_("The file has more than %(most)d rows: divide it.") % {"most": MOST_ROWS})
        found = [cells[place][:LONGEST_CELL] if place < len(cells) else "" for place in places]
        if any(found):
            yield Line(row, *found)


def _places(headings: Sequence[str]) -> list[int]:
    typed = [heading.strip().casefold() for heading in headings]
    places = {
        column: place for column in COLUMNS for place, word in enumerate(typed) if word in HEADINGS[column]
    }
    missing = [column for column in COLUMNS if column not in places]
    if missing:
        raise BadFile(_("The first row must head these columns: %(names)s.") % {"names": ", ".join(missing)})
    return [places[column] for column in COLUMNS]


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as Excel saves it
    if "\x00" in text:
        raise BadFile(_("This is neither a CSV nor an Excel file (.xlsx)."))
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_cell(cell) for cell in cells]
    except csv.Error:
        raise BadFile(_("This is neither a CSV nor an Excel file (.xlsx).")) from None


def _workbook(content: bytes) -> Iterator[list[str]]:
    """Formulas stay what they are, text with a sign in front, so that the check can refuse them."""
    _refuse_bomb(content)
    from openpyxl import load_workbook  # noqa: PLC0415 - it brings numpy along, which no other page needs

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True):
            yield [_cell(cell) for cell in cells]
    except BadFile:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook breaks its reader in a hundred ways
        raise BadFile(_("The Excel file cannot be read: save it again, or as CSV.")) from None


def _refuse_bomb(content: bytes) -> None:
    """What a member says of its size is all that is ever unpacked of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except zipfile.BadZipFile:
        raise BadFile(_("The Excel file cannot be read: save it again, or as CSV.")) from None
    if size > MOST_UNPACKED:
        raise BadFile(_("The Excel file is too large when it is unpacked."))


def _cell(value: object) -> str:
    """Excel keeps whole numbers as fractions; an apostrophe in front is how a spreadsheet marks text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip(" \u00a0").removeprefix("'")
