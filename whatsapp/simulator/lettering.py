"""Pillow's own font needs no file but lacks accented letters; the accents are drawn over plain ones."""

import unicodedata

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
PLAIN = {"º": "o", "ª": "a", "₲": "Gs.", "—": "-", "–": "-", "’": "'", "ı": "i", "€": "EUR ", "£": "GBP "}
Point = tuple[float, float]
# Strokes in a box one unit wide, centred over the letter; y grows downwards from the letter's own top.
STROKES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "\u0301": (((-0.12, -0.03), (0.14, -0.2)),),
    "\u0300": (((0.12, -0.03), (-0.14, -0.2)),),
    "\u0302": (((-0.2, -0.04), (0, -0.2), (0.2, -0.04)),),
    "\u0303": (((-0.22, -0.06), (-0.08, -0.15), (0.08, -0.06), (0.22, -0.15)),),
    "\u0308": (((-0.2, -0.12), (-0.1, -0.12)), ((0.1, -0.12), (0.2, -0.12))),
}
CEDILLA: tuple[Point, ...] = ((0.02, 0), (0.06, 0.1), (-0.08, 0.16))


def font(size: int) -> Font:
    return ImageFont.load_default(size)


def plain(text: str) -> str:
    simple = "".join(PLAIN.get(letter, letter) for letter in text)
    decomposed = unicodedata.normalize("NFD", simple)
    return "".join(letter for letter in decomposed if " " <= letter <= "~")


def write(
    pen: ImageDraw.ImageDraw, at: Point, text: str, colour: str, size: int, *, middle: bool = False
) -> None:
    letters, marks = _split("".join(PLAIN.get(letter, letter) for letter in text))
    face = font(size)
    left = at[0] - pen.textlength(letters, font=face) / 2 if middle else at[0]
    pen.text((left, at[1]), letters, colour, face, anchor="ls")
    for place, mark in marks:
        start = left + pen.textlength(letters[:place], font=face)
        centre = start + pen.textlength(letters[place], font=face) / 2
        _draw_mark(pen, (centre, at[1]), letters[place], mark, (colour, size))


def _split(text: str) -> tuple[str, list[tuple[int, str]]]:
    letters: list[str] = []
    marks: list[tuple[int, str]] = []
    for sign in unicodedata.normalize("NFD", text):
        if " " <= sign <= "~":
            letters.append(sign)
        elif unicodedata.combining(sign) and letters:
            marks.append((len(letters) - 1, sign))
    return "".join(letters), marks


def _draw_mark(pen: ImageDraw.ImageDraw, at: Point, letter: str, mark: str, ink: tuple[str, int]) -> None:
    colour, size = ink
    x, baseline = at
    width = max(2, round(size / 13))
    if mark == "\u0327":
        pen.line([(x + dx * size, baseline + dy * size) for dx, dy in CEDILLA], fill=colour, width=width)
    top = baseline + pen.textbbox((0, 0), letter, font=font(size), anchor="ls")[1]
    lift = 0.0 if letter in "ij" else 0.02
    for stroke in STROKES.get(mark, ()):
        points = [(x + dx * size, top + (dy - lift + 0.15 * (letter in "ij")) * size) for dx, dy in stroke]
        pen.line(points, fill=colour, width=width, joint="curve")
