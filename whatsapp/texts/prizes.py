"""The sentences to whoever has won something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from whatsapp.texts.showing import day_and_time, numbers, plain, shortened

TITLE_LIMIT = 60
PRIZE_LIMIT = 50
NUMBERS_SHOWN = 3
LINES = 4
CITY = "CITY"


def win_line(prize: str, labels: Sequence[str]) -> str:
    return ngettext("Number *%(numbers)s*: %(prize)s", "Numbers *%(numbers)s*: %(prize)s", len(labels)) % {
        "numbers": numbers(labels, most=NUMBERS_SHOWN),
        "prize": shortened(prize, PRIZE_LIMIT),
    }


def win_lines(won: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Prizes with the numbers that won them; of many the first few."""
    lines = [win_line(prize, labels) for prize, labels in won[:LINES]]
    return [*lines, more_wins(len(won) - LINES)] if len(won) > LINES else lines


def more_wins(count: int) -> str:
    return ngettext("and %(count)s more prize", "and %(count)s more prizes", count) % {"count": count}


def won(*, title: str, lines: Sequence[str], until: datetime, zone: str) -> str:
    heading = gettext("🎉 *You won!* %(title)s") % {"title": shortened(title, TITLE_LIMIT)}
    return "\n".join((heading, *lines, "", keep_it(until, zone), "", what_to_show()))


def passed_on(*, title: str, lines: Sequence[str], until: datetime, zone: str) -> str:
    heading = gettext("🎉 *A prize is yours now!* %(title)s") % {"title": shortened(title, TITLE_LIMIT)}
    why = gettext("It became free, and your number is the next one.")
    return "\n".join((heading, *lines, why, "", keep_it(until, zone), "", what_to_show()))


def keep_it(until: datetime, zone: str) -> str:
    return gettext("So that you do not lose it, write *prize* or press a button by %(deadline)s.") % {
        "deadline": day_and_time(until, zone)
    }


def what_to_show() -> str:
    return gettext("The page of the draw shows only your number. What else may we show of you?")


def nothing_button() -> str:
    return pgettext("button", "Nothing")


def name_button() -> str:
    return pgettext("button", "A name")


def city_button() -> str:
    return pgettext("button", "My city")


def lost(*, title: str, line: str) -> str:
    said = gettext(
        "We are sorry: the time to claim your prize of *%(title)s* is over, and we cannot hand it over now."
    ) % {"title": shortened(title, TITLE_LIMIT)}
    return "\n".join((said, line, gettext("If you think that this is wrong, write *agent*.")))


def handed_over(*, title: str, line: str) -> str:
    heading = gettext("✅ *Prize handed over!* %(title)s") % {"title": shortened(title, TITLE_LIMIT)}
    return "\n".join((heading, line, gettext("Enjoy it! If you have not received it, write *agent*.")))


def claimed(count: int) -> str:
    return ngettext("*Noted!* Your prize is safe.", "*Noted!* Your prizes are safe.", count)


def handed_over_before() -> str:
    return gettext("*Handed over to you already:*")


def how_to_get_it() -> str:
    return gettext(
        "A person of our team will write to you here to arrange how you get it. We never ask for passwords."
    )


def shown_now(name: str) -> str:
    said = gettext("The page of the draw shows: *%(name)s*") % {"name": plain(name)}
    return "\n".join((said, gettext("What may we show of you?")))


def also_won(title: str, code: str) -> str:
    return gettext("You have won in %(title)s too: write *prize %(code)s*.") % {
        "title": shortened(title, PRIZE_LIMIT),
        "code": code,
    }


def no_prize() -> str:
    return gettext(
        "I find no prize of yours. Write *raffles* to see what can be won, or *results* to see who has won."
    )


def ask_for(shown: str) -> str:
    if shown == CITY:
        return gettext("Which city may we show? Write it, for example *Luque*. Everybody can see it.")
    return gettext("Which name may we show? Write it, for example *Ana G.* Everybody can see it.")


def cannot_show() -> str:
    return gettext("I cannot show that. Please write at most 40 letters, without a phone, address or link.")


def shown_as(name: str) -> str:
    said = gettext("Done, the page of the draw shows: *%(name)s*") % {"name": plain(name)}
    return "\n".join((said, gettext("To take it back, write *hide*.")))


def shown_nothing() -> str:
    return gettext("Done: the page of the draw shows only your number.")


def hidden() -> str:
    return gettext("Done: your name or city is not shown any more, only your number.")


def nothing_to_hide() -> str:
    return gettext("We show no name and no city of yours.")
