"""The goals as bars: how many times over each is met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from tests.bench.figures import Figure, short

MOST, LEFT, UNIT, ROW, TOP = 4.0, 400, 110, 26, 64
GOOD, BAD, INK, PALE = "#2e7d5b", "#b3402a", "#24292f", "#8a94a0"
WIDTH = LEFT + int(UNIT * MOST) + 230


def drawn(figures: Iterable[Figure], day: str) -> str:
    judged = [figure for figure in figures if figure.goal is not None]
    height = TOP + ROW * len(judged) + 16
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(16, 24, f"How many times over each goal is met ({day})", size=15),
        _text(LEFT + UNIT, TOP - 12, "goal", fill=PALE, anchor="middle"),
        *_rows(judged),
        f'<line x1="{LEFT + UNIT}" x2="{LEFT + UNIT}" y1="{TOP - 6}" y2="{height - 12}" stroke="{INK}" '
        'stroke-dasharray="3 3"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rows(figures: list[Figure]) -> Iterator[str]:
    for place, figure in enumerate(figures):
        top = TOP + ROW * place
        times = figure.times_the_goal
        length = int(UNIT * min(times, MOST))
        yield _text(16, top + 14, f"{figure.group}: {figure.name}")
        yield (
            f'<rect x="{LEFT}" y="{top + 2}" width="{max(length, 1)}" height="16" rx="2" '
            f'fill="{GOOD if figure.is_met else BAD}"/>'
        )
        yield _text(LEFT + length + 6, top + 14, _told(figure), fill=PALE)


def _told(figure: Figure) -> str:
    share = figure.share
    shown = f"{short(figure.value)} {figure.unit}"
    if figure.goal_is_share and share is not None:
        shown = f"{short(share)} of ceiling ({shown})"
    return f"{shown}, goal {figure.goal_in_words().removesuffix(' of ceiling')}"


def _text(x: int, y: int, words: str, *, size: int = 12, fill: str = INK, anchor: str = "start") -> str:
    place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{fill}">{escape(words)}</text>'
