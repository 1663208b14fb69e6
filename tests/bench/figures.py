"""What was measured, beside the ceiling of the same run and the goal."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

import django


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`judged` is what the goal speaks of: the value itself, or its share of the ceiling."""

    group: str
    name: str
    value: float
    unit: str
    ceiling: float | None = None
    ceiling_is: str = ""
    goal: float | None = None
    goal_is_share: bool = False
    less_is_better: bool = False
    note: str = ""

    @property
    def share(self) -> float | None:
        return self.value / self.ceiling if self.ceiling else None

    @property
    def judged(self) -> float:
        return (self.share or 0.0) if self.goal_is_share else self.value

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.judged <= self.goal if self.less_is_better else self.judged >= self.goal

    @property
    def times_the_goal(self) -> float:
        """1 is the goal exactly, more is better, whichever way the figure counts."""
        assert self.goal is not None
        if self.less_is_better:
            return self.goal / self.judged if self.judged > 0 else float("inf")
        return self.judged / self.goal

    def goal_in_words(self) -> str:
        if self.goal is None:
            return ""
        sign = "<=" if self.less_is_better else ">="
        return f"{sign} {short(self.goal)}" + (" of ceiling" if self.goal_is_share else "")

    def verdict(self) -> str:
        return {None: "", True: "met", False: "MISSED"}[self.is_met]


def short(value: float) -> str:
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def middle(values: Sequence[float]) -> float:
    return median(values) if values else 0.0


HEADINGS = ("what", "figure", "measured", "ceiling", "share", "goal", "")


def table(figures: Iterable[Figure]) -> list[str]:
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [line.rstrip() for line in lines]


def _cells(figure: Figure) -> tuple[str, ...]:
    share = figure.share
    return (
        figure.group,
        figure.name,
        f"{short(figure.value)} {figure.unit}",
        "" if figure.ceiling is None else f"{short(figure.ceiling)} {figure.unit}",
        "" if share is None else short(share),
        figure.goal_in_words(),
        figure.verdict(),
    )


def as_json(figures: Iterable[Figure], *, is_quick: bool, database: str) -> dict[str, Any]:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_quick": is_quick,
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": database,
        },
        "figures": [_record(figure) for figure in figures],
    }


def _record(figure: Figure) -> dict[str, Any]:
    plain = {name: round(v, 4) if isinstance(v, float) else v for name, v in asdict(figure).items()}
    share = figure.share
    return {**plain, "share": None if share is None else round(share, 4), "is_met": figure.is_met}
