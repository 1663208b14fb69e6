"""The sentences of a sale, from the list of raffles to the numbers that are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from whatsapp.texts.showing import amount, day_and_time, deadline, money, numbers, plain, shortened

TITLE_LIMIT = 40
LABEL_LIMIT = 10


def list_heading() -> str:
    return gettext("*Open raffles*")


def list_line(index: int, title: str, price_minor: int, currency: str, free: int) -> str:
    return gettext("%(index)s. %(title)s: %(price)s · %(free)s") % {
        "index": index,
        "title": plain(title),
        "price": money(price_minor, currency),
        "free": free_count(free),
    }


def list_hint() -> str:
    return gettext("Write the number of a raffle, or choose it from the list.")


def list_button() -> str:
    return pgettext("button", "See raffles")


def row_description(price_minor: int, currency: str, free: int) -> str:
    return f"{money(price_minor, currency)} · {free_count(free)}"


def free_count(free: int) -> str:
    if not free:
        return gettext("sold out")
    return ngettext("%(count)s free", "%(count)s free", free) % {"count": amount(free)}


def more_row() -> str:
    return pgettext("button", "More raffles")


def no_raffles() -> str:
    return gettext("There is no open raffle right now. Please come back soon!")


def no_such_row(count: int) -> str:
    return ngettext(
        "There is %(count)s raffle in the list. Which one?",
        "There are %(count)s raffles in the list. Which one?",
        count,
    ) % {"count": count}


def raffle_details(
    *, title: str, description: str, price_minor: int, currency: str, free: int, draw_at: datetime, zone: str
) -> str:
    lines = [f"*{plain(title)}*"]
    if description.strip():
        lines.append(plain(description))
    lines += [
        "",
        gettext("Price per number: *%(price)s*") % {"price": money(price_minor, currency)},
        gettext("Draw: %(when)s") % {"when": day_and_time(draw_at, zone)},
        gettext("Available: %(free)s") % {"free": amount(free)},
    ]
    return "\n".join(lines)


def terms(*, price_minor: int, currency: str, draw_at: datetime, zone: str) -> str:
    return "\n".join(
        (
            gettext("Price per number: *%(price)s*") % {"price": money(price_minor, currency)},
            gettext("Draw: %(when)s") % {"when": day_and_time(draw_at, zone)},
        )
    )


def terms_line(*, title: str, price_minor: int, currency: str, draw_at: datetime, zone: str) -> str:
    return gettext("*%(title)s*: %(price)s per number, draw on %(when)s") % {
        "title": shortened(title, TITLE_LIMIT),
        "price": money(price_minor, currency),
        "when": day_and_time(draw_at, zone),
    }


def more_terms(count: int) -> str:
    return ngettext("and %(count)s more: write *raffles*", "and %(count)s more: write *raffles*", count) % {
        "count": amount(count)
    }


def which_numbers(first: str, last: str, least: int, most: int) -> str:
    words = {"first": first, "last": last, "least": least, "most": most}
    if least > 1:
        return (
            gettext(
                "*Which numbers do you want?* (%(first)s to %(last)s, from %(least)s to %(most)s of them)"
            )
            % words
        )
    return gettext("*Which numbers do you want?* (%(first)s to %(last)s, at most %(most)s)") % words


def write_them(example: Sequence[str], run: str, count: int) -> str:
    return gettext("Write them: *%(example)s*, a run: *%(run)s*, or *random %(count)s*.") % {
        "example": ", ".join(example),
        "run": run,
        "count": count,
    }


def write_one(example: str) -> str:
    return gettext("Write it: *%(example)s*, or *random 1*.") % {"example": example}


def random_button(count: int) -> str:
    return ngettext("🎲 %(count)s random", "🎲 %(count)s random", count) % {"count": count}


def count_or_number(label: str, count: int) -> str:
    return ngettext(
        "Do you want number *%(label)s*, or %(count)s random number?",
        "Do you want number *%(label)s*, or %(count)s random numbers?",
        count,
    ) % {"label": label, "count": count}


def the_number_button(label: str) -> str:
    return pgettext("button", "Number %(label)s") % {"label": label[:LABEL_LIMIT]}


def shall_i_hold(*, title: str, labels: Sequence[str], total_minor: int, currency: str) -> str:
    return ngettext(
        "*%(title)s*: %(numbers)s, %(amount)s. Shall I hold it for you?",
        "*%(title)s*: %(numbers)s, %(amount)s. Shall I hold them for you?",
        len(labels),
    ) % {
        "title": shortened(title, TITLE_LIMIT),
        "numbers": numbers(labels, most=20),
        "amount": money(total_minor, currency),
    }


def hold_button() -> str:
    return pgettext("button", "Hold")


def how_many_random(*, title: str, count: int) -> str:
    return ngettext(
        "*%(title)s*: %(count)s random number?", "*%(title)s*: %(count)s random numbers?", count
    ) % {"title": shortened(title, TITLE_LIMIT), "count": count}


def other_raffles_button() -> str:
    return pgettext("button", "Other raffles")


def sold_out() -> str:
    return gettext("All numbers of this raffle are taken.")


def sales_closed(title: str) -> str:
    return gettext("The sale of *%(title)s* is closed.") % {"title": plain(title)}


def pick_not_understood() -> str:
    return gettext("I could not read those numbers.")


def out_of_range(labels: Sequence[str], first: str, last: str) -> str:
    return ngettext(
        "%(numbers)s does not exist here. The numbers go from %(first)s to %(last)s.",
        "%(numbers)s do not exist here. The numbers go from %(first)s to %(last)s.",
        len(labels),
    ) % {"numbers": numbers(labels, most=10), "first": first, "last": last}


def too_many(limit: int) -> str:
    return ngettext(
        "At most %(count)s number per order. Which one do you want?",
        "At most %(count)s numbers per order. Which ones do you want?",
        limit,
    ) % {"count": limit}


def too_few(limit: int) -> str:
    return ngettext(
        "At least %(count)s number per order. Which one do you want?",
        "At least %(count)s numbers per order. Which ones do you want?",
        limit,
    ) % {"count": limit}


def player_limit(limit: int, has: int) -> str:
    return ngettext(
        "Each person may have %(limit)s number of this raffle, and you have %(has)s.",
        "Each person may have %(limit)s numbers of this raffle, and you have %(has)s.",
        limit,
    ) % {"limit": limit, "has": has}


def only_left(left: int) -> str:
    if not left:
        return sold_out()
    return ngettext("Only %(count)s number is left.", "Only %(count)s numbers are left.", left) % {
        "count": left
    }


def taken(labels: Sequence[str], near: Sequence[str]) -> str:
    lines = [
        ngettext(
            "*%(numbers)s* is already taken. I have not held anything yet.",
            "*%(numbers)s* are already taken. I have not held anything yet.",
            len(labels),
        )
        % {"numbers": numbers(labels, most=20)}
    ]
    if near:
        lines.append(gettext("Free nearby: %(numbers)s") % {"numbers": numbers(near, most=10)})
    return "\n".join(lines)


def offer_rest(labels: Sequence[str]) -> str:
    return gettext("Still free of yours: %(numbers)s") % {"numbers": numbers(labels, most=20)}


def take_rest_button(count: int) -> str:
    return ngettext("Take the %(count)s free", "Take the %(count)s free", count) % {"count": count}


def take_near_button() -> str:
    return pgettext("button", "Take nearby ones")


def other_numbers_button() -> str:
    return pgettext("button", "Other numbers")


def held(
    *,
    title: str,
    code: str,
    labels: Sequence[str],
    total_minor: int,
    currency: str,
    until: datetime,
    zone: str,
    now: datetime,
) -> str:
    return "\n".join(
        (
            gettext("*Held for you* · order *%(code)s*") % {"code": code},
            plain(title),
            _numbers_line(labels),
            gettext("Total: *%(amount)s*") % {"amount": money(total_minor, currency)},
            "",
            gettext("Please confirm before %(deadline)s.") % {"deadline": deadline(until, zone, now)},
        )
    )


def _numbers_line(labels: Sequence[str]) -> str:
    return ngettext("Number: %(numbers)s", "Numbers: %(numbers)s", len(labels)) % {"numbers": numbers(labels)}


def confirm_button() -> str:
    return pgettext("button", "Confirm")


def change_button() -> str:
    return pgettext("button", "Change")


def cancel_button() -> str:
    return pgettext("button", "Cancel")
