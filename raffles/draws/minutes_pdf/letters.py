"""The letters of the paper: fonts that travel inside the file, and what they can show."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

PLAIN, BOLD = "Minutes", "MinutesBold"
_FILES = {PLAIN: "Vera.ttf", BOLD: "VeraBd.ttf"}
# Blanks and dashes that the fonts lack, and others that look the same.
_ALIKE = str.maketrans({"\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}": "-"})


@cache
def font(name: str) -> TTFont:
    made = TTFont(name, _FILES[name])
    pdfmetrics.registerFont(made)
    return made


def showable(text: str) -> str:
    """A letter that the fonts lack is written as its number: an empty box would say nothing."""
    return "".join(map(_shown, text.translate(_ALIKE)))


def paragraph(text: str, size: float = 8.5, *, is_bold: bool = False) -> Any:
    return Paragraph(escape(showable(text)), _style(size, is_bold))


def _shown(letter: str) -> str:
    if letter in "\n\t" or all(ord(letter) in font(name).face.charToGlyph for name in _FILES):
        return letter
    return f"[U+{ord(letter):04X}]"


@cache
def _style(size: float, is_bold: bool) -> ParagraphStyle:
    name = BOLD if is_bold else PLAIN
    font(name)
    # Digests have no blank at which a line could end.
    return ParagraphStyle(
        f"{name}{size}", fontName=name, fontSize=size, leading=size * 1.35, splitLongWords=True
    )
