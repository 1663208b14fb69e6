"""An instant as a page says it: where the raffle is at home, until the browser knows better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_decimal
from django.utils.html import format_html
from django.utils.translation import get_language, gettext


@dataclass(frozen=True)
class Moment:
    at: datetime
    zone: str

    @property
    def iso(self) -> str:
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def text(self) -> str:
        """Sunday, November 29, 2026, 20:00 (Asunción)"""
        local = self.at.astimezone(ZoneInfo(self.zone))
        day = format_date(local, format="full", locale=locale())
        time = format_time(local, format="short", locale=locale())
        return f"{day}, {time} ({self.place})"

    @property
    def day(self) -> str:
        return str(format_date(self.at.astimezone(ZoneInfo(self.zone)), format="long", locale=locale()))

    @property
    def place(self) -> str:
        return str(get_timezone_location(ZoneInfo(self.zone), locale=locale(), return_city=True))

    def __html__(self) -> str:
        return format_html(
            '<time datetime="{}" data-zone="{}" data-here="{}">{}</time>',
            self.iso,
            self.zone,
            gettext("your time"),
            self.text,
        )

    def __str__(self) -> str:
        return self.__html__()


def moment(at: datetime | None, zone: str) -> Moment | None:
    return Moment(at, zone) if at else None


def locale() -> Locale:
    return Locale.parse(get_language() or "en", sep="-")


def grouped(count: int) -> str:
    """10,000 in English, 10.000 in Spanish"""
    return str(format_decimal(count, locale=locale()))
