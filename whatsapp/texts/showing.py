"""How amounts, instants and numbers are written in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext, pgettext

from raffles.sales.money import format_money

# A zero-width space behind a mark keeps WhatsApp from formatting what a person or organiser wrote.
MARKS = str.maketrans({mark: f"{mark}\u200b" for mark in "*_~`"})
NUMBERS_SHOWN = 60


def plain(text: str) -> str:
    """Words of a person or organiser inside a sentence of ours: one line, no formatting marks at work."""
    return " ".join(text.split()).translate(MARKS)


def shortened(text: str, limit: int) -> str:
    shown = plain(text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"


def digest(text: str) -> str:
    """Both ends of it: enough to find it again on a page and to see that it is the same."""
    return text if len(text) <= 20 else f"{text[:8]}…{text[-8:]}"


def language() -> str:
    return get_language() or "en"


def money(minor: int, currency: str) -> str:
    return format_money(minor, currency, language())


def amount(count: int) -> str:
    """10,000 in English, 10.000 in Spanish"""
    return str(format_decimal(count, locale=_locale()))


def day(at: datetime, zone: str) -> str:
    """Saturday, November 28, 2026"""
    return str(format_date(at.astimezone(ZoneInfo(zone)), format="full", locale=_locale()))


def short_day(at: datetime, zone: str) -> str:
    """Nov 28, 2026"""
    return str(format_date(at.astimezone(ZoneInfo(zone)), format="medium", locale=_locale()))


def day_and_time(at: datetime, zone: str) -> str:
    return gettext("%(day)s, %(time)s") % {"day": day(at, zone), "time": _time(at, zone)}


def deadline(at: datetime, zone: str, now: datetime) -> str:
    """The time alone where it is today, with what is left of it; otherwise the day as well."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today or at - now < timedelta(hours=3):
        words = {"time": _time(at, zone), "left": minutes_left(at, now)}
        return pgettext("deadline", "%(time)s (%(left)s)") % words
    words = {"day": short_day(at, zone), "time": _time(at, zone)}
    return pgettext("deadline", "%(day)s, %(time)s") % words


def minutes_left(at: datetime, now: datetime) -> str:
    minutes = max(0, round((at - now).total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def numbers(labels: Sequence[str], *, most: int = NUMBERS_SHOWN) -> str:
    """005, 012, 099; runs of three and more as 100-149; what is too long is counted."""
    parts = _runs(labels)
    if len(parts) <= most:
        return ", ".join(parts)
    hidden = len(labels) - sum(_width(part) for part in parts[:most])
    rest = ngettext("and %(count)s more", "and %(count)s more", hidden) % {"count": hidden}
    return f"{', '.join(parts[:most])} {rest}"


def _runs(labels: Sequence[str]) -> list[str]:
    runs: list[list[str]] = []
    for label in labels:
        if runs and runs[-1][-1].isdigit() and label.isdigit() and int(label) == int(runs[-1][-1]) + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    return [part for run in runs for part in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else run)]


def _width(part: str) -> int:
    first, _, last = part.partition("-")
    return int(last) - int(first) + 1 if last else 1


def _time(at: datetime, zone: str) -> str:
    shown = format_time(at.astimezone(ZoneInfo(zone)), format="short", locale=_locale())
    return str(shown).replace("\u202f", " ")


def _locale() -> Locale:
    return Locale.parse(language(), sep="-")
