"""The sentences about draws: what came of one, how to check it, what can be won."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext

from whatsapp.texts.orders import draw_line
from whatsapp.texts.showing import amount, day_and_time, digest, numbers, plain, short_day, shortened

TITLE_LIMIT = 60
PRIZE_LIMIT = 50
RESULT_TITLE_LIMIT = 40
NUMBERS_SHOWN = 5
WINNERS_NAMED = 3
MARK_SHOWN = 8


def not_won(*, title: str, winners: Sequence[str], link: str) -> str:
    return "\n".join(
        (
            held(title),
            who_won(winners),
            gettext("This time it was none of yours. Thank you for taking part!"),
            see_draw(link),
        )
    )


def held(title: str) -> str:
    return gettext("*%(title)s* was drawn.") % {"title": shortened(title, TITLE_LIMIT)}


def who_won(labels: Sequence[str]) -> str:
    if not labels:
        return gettext("No number has won.")
    return ngettext("Number *%(numbers)s* has won.", "Numbers *%(numbers)s* have won.", len(labels)) % {
        "numbers": numbers(labels, most=NUMBERS_SHOWN)
    }


def see_draw(link: str) -> str:
    return gettext("See and check the draw: %(link)s") % {"link": link}


def rule_changed(*, title: str, reason: str, draw_at: datetime, zone: str, link: str) -> str:
    return "\n".join(
        (
            gettext("The rule of the draw *%(title)s* has changed:")
            % {"title": shortened(title, TITLE_LIMIT)},
            f"> {plain(reason)}",
            draw_line(draw_at, zone),
            gettext("Your numbers stay yours. Everything is published here: %(link)s") % {"link": link},
        )
    )


def list_closed(*, title: str, count: int, root: str) -> str:
    return "\n".join(
        (
            gettext("*%(title)s*: the list of paid numbers is closed.")
            % {"title": shortened(title, TITLE_LIMIT)},
            gettext("Numbers in it: %(count)s") % {"count": amount(count)},
            gettext("Its fingerprint (root): %(root)s") % {"root": digest(root)},
        )
    )


def own_entries() -> str:
    return gettext("Yours, with place and mark:")


def entry_line(label: str, place: int, mark: str) -> str:
    return gettext("*%(number)s*: place %(place)s, mark %(mark)s") % {
        "number": label,
        "place": amount(place),
        "mark": f"{mark[:MARK_SHOWN]}…",
    }


def more_entries(count: int) -> str:
    return ngettext("and %(count)s more", "and %(count)s more", count) % {"count": count}


def whole_list(link: str) -> str:
    return gettext("The whole list: %(link)s") % {"link": link}


def receipts(links: Sequence[str]) -> str:
    return "\n".join((gettext("Your receipts, to keep or to check:"), *links))


def promised(
    *, title: str, labels: Sequence[str], rule_digest: str, closes_at: datetime, zone: str, link: str
) -> str:
    return "\n".join(
        (
            paid_here(title, labels),
            gettext("The rule of the draw is published. Its fingerprint: %(digest)s")
            % {"digest": digest(rule_digest)},
            gettext(
                "The list of paid numbers closes on %(when)s. After that write *verify* to see yours in it."
            )
            % {"when": day_and_time(closes_at, zone)},
            gettext("All about the draw: %(link)s") % {"link": link},
        )
    )


def paid_here(title: str, labels: Sequence[str]) -> str:
    shown = shortened(title, TITLE_LIMIT)
    if not labels:
        return gettext("*%(title)s*: you have no paid numbers.") % {"title": shown}
    return ngettext(
        "*%(title)s*: you have paid for number *%(numbers)s*.",
        "*%(title)s*: you have paid for numbers *%(numbers)s*.",
        len(labels),
    ) % {"title": shown, "numbers": numbers(labels, most=20)}


def no_rule_yet() -> str:
    return gettext("The rule of its draw is not published yet.")


def called_off(*, title: str, reason: str, link: str) -> str:
    said = gettext("The draw *%(title)s* was called off:") % {"title": shortened(title, TITLE_LIMIT)}
    return "\n".join((said, f"> {shortened(reason, 500)}", see_draw(link)))


def called_off_news(*, title: str, reason: str, link: str) -> str:
    """`reason` stays whole: it is why their money comes back."""
    return "\n".join(
        (
            gettext("The draw *%(title)s* was called off:") % {"title": shortened(title, TITLE_LIMIT)},
            f"> {plain(reason)}",
            gettext("What you have paid for its numbers is given back; we write to you about your order."),
            gettext("Everything is published here: %(link)s") % {"link": link},
        )
    )


def left_out(code: str, reason: str) -> str:
    return gettext("Order *%(code)s* does not take part: %(reason)s") % {
        "code": code,
        "reason": shortened(reason, 200),
    }


def nothing_paid() -> str:
    return gettext(
        "You have no paid numbers yet. Once you have some, write *verify* and I show you that they take part."
    )


def also_in(codes: Sequence[str]) -> str:
    said = ", ".join(gettext("*verify %(code)s*") % {"code": code} for code in codes)
    return gettext("Other raffles of yours: %(words)s") % {"words": said}


def verify_alone() -> str:
    return gettext("Write *verify* alone to see your own numbers.")


def unknown_raffle(code: str) -> str:
    return gettext("I find no raffle *%(code)s*.") % {"code": plain(code)}


def results_heading() -> str:
    return gettext("*Latest results*")


def result_line(title: str, at: datetime, zone: str, winners: Sequence[str]) -> str:
    """`winners` are numbers, each with the name or city that its owner allows to be shown."""
    shown = ", ".join(winners[:WINNERS_NAMED]) or gettext("nobody")
    if hidden := len(winners[WINNERS_NAMED:]):
        shown = f"{shown} {more_entries(hidden)}"
    return gettext("*%(title)s* (%(day)s): %(winners)s") % {
        "title": shortened(title, RESULT_TITLE_LIMIT),
        "day": short_day(at, zone),
        "winners": shown,
    }


def winner(label: str, name: str) -> str:
    return f"{label} ({shortened(name, 20)})" if name else label


def all_results(link: str) -> str:
    return gettext("All results: %(link)s") % {"link": link}


def no_results(link: str) -> str:
    return gettext("No draw has been held yet. See the next ones: %(link)s") % {"link": link}


def prizes_heading() -> str:
    return gettext("Prizes:")


def prize_line(rank: int, label: str, quantity: int) -> str:
    return f"{rank}. {shortened(label, PRIZE_LIMIT)}" + (f" × {quantity}" if quantity > 1 else "")


def more_prizes(count: int) -> str:
    return ngettext("and %(count)s more prize", "and %(count)s more prizes", count) % {"count": count}


def see_raffle(link: str) -> str:
    return gettext("Rule and pictures: %(link)s") % {"link": link}
