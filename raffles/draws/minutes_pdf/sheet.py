"""Laying the minutes out on paper: sections, boxes to sign in, on every page its number and the digest."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle

from raffles.draws.minutes.form import Minutes
from raffles.draws.minutes_pdf.letters import BOLD, PLAIN, font, paragraph, showable
from raffles.draws.minutes_pdf.words import Grid, Section, moment, sections

MARGIN = 18 * mm
INSIDE = 6  # what the library keeps free inside the margin
WIDTH = A4[0] - 2 * (MARGIN + INSIDE)
LABELS = 46 * mm
LINE = colors.HexColor("#9aa3ad")
SHADE = colors.HexColor("#eef1f4")


class Numbered(Canvas):  # type: ignore[misc]  # the library has no types
    """How many pages there are is known once the last one is drawn: the feet are written then."""

    def __init__(self, *args: Any, foot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name is the library's
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for place, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._write_foot(place, len(self._pages))
            super().showPage()
        super().save()

    def _write_foot(self, place: int, last: int) -> None:
        self.setFont(PLAIN, 7)
        self.drawString(MARGIN + INSIDE, 10 * mm, self._foot)
        told = _("Page %(page)d of %(pages)d") % {"page": place, "pages": last}
        self.drawRightString(A4[0] - MARGIN - INSIDE, 10 * mm, showable(told))


def pdf_of(minutes: Minutes, *, issued_at: datetime) -> bytes:
    """In the language that is active."""
    font(PLAIN), font(BOLD)
    buffer = io.BytesIO()
    title = _("Draw minutes: %(code)s") % {"code": minutes.code}
    paper = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=15 * mm,
        bottomMargin=18 * mm,
        title=title,
        invariant=1,
    )
    foot = f"{minutes.code}  SHA-256 {minutes.digest}"
    parts = list(_parts(minutes, title, issued_at))
    paper.build(parts, canvasmaker=partial(Numbered, foot=foot))
    return buffer.getvalue()


def _parts(minutes: Minutes, title: str, issued_at: datetime) -> Iterator[Any]:
    yield paragraph(title, 16, is_bold=True)
    yield Spacer(0, 2 * mm)
    yield paragraph(_("Issued %(at)s") % {"at": moment(issued_at, minutes)}, 8)
    for section in sections(minutes):
        yield from _section(section)
    yield Spacer(0, 6 * mm)
    yield KeepTogether([paragraph(_("Signatures"), 11, is_bold=True), Spacer(0, 2 * mm), _signatures()])


def _section(section: Section) -> Iterator[Any]:
    yield CondPageBreak(25 * mm)
    yield Spacer(0, 5 * mm)
    yield paragraph(section.title, 11, is_bold=True)
    yield Spacer(0, 1.5 * mm)
    if section.facts:
        yield _facts(section.facts)
    if section.facts and section.grid:
        yield Spacer(0, 2 * mm)
    if section.grid:
        yield _grid(section.grid)


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    rows = [[paragraph(label, is_bold=True), paragraph(value)] for label, value in facts]
    looks = [("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE), *_close(), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    # A list of numbers may be longer than a page.
    return Table(rows, [LABELS, WIDTH - LABELS], style=TableStyle(looks), splitInRow=1)


def _grid(grid: Grid) -> Table:
    whole = sum(grid.shares)
    head = [paragraph(word, 8, is_bold=True) for word in grid.head]
    rows = [[paragraph(word, 8) for word in row] for row in grid.rows]
    looks = [("GRID", (0, 0), (-1, -1), 0.25, LINE), ("BACKGROUND", (0, 0), (-1, 0), SHADE), *_close()]
    widths = [WIDTH * share / whole for share in grid.shares]
    return Table([head, *rows], widths, style=TableStyle(looks), repeatRows=1, splitInRow=1)


def _signatures() -> Table:
    """Whoever signs writes their name themselves."""
    who = (_("Organiser"), _("Witness"), _("Witness"))
    lines = (_("Name"), _("Document"), _("Place and date"), _("Signature"))
    rows = [[paragraph(word, 9, is_bold=True) for word in who]]
    rows += [[paragraph(line, 7) for _each in who] for line in lines]
    looks = [("BOX", (column, 0), (column, -1), 0.5, colors.black) for column in range(len(who))] + [
        ("LINEABOVE", (0, 1), (-1, -1), 0.25, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    heights = [7 * mm, *[9 * mm] * (len(lines) - 1), 20 * mm]
    return Table(rows, [WIDTH / len(who)] * len(who), heights, style=TableStyle(looks))


def _close() -> list[Any]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
