"""The sentences about orders and receipts, and the notices that come without being asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from whatsapp.texts.showing import day_and_time, deadline, money, numbers, plain


def status_word(status: str) -> str:
    """Short enough for a list row beside an order code."""
    return {
        "DRAFT": pgettext("order", "held"),
        "PENDING_PAYMENT": pgettext("order", "to be paid"),
        "UNDER_REVIEW": pgettext("order", "under review"),
        "PAID": pgettext("order", "paid"),
        "CANCELLED": pgettext("order", "cancelled"),
        "EXPIRED": pgettext("order", "expired"),
        "REFUNDED": pgettext("order", "refunded"),
    }[status]


def credit_line(amount_minor: int, currency: str) -> str:
    return gettext("In your favor: *%(amount)s*") % {"amount": money(amount_minor, currency)}


def none_yet() -> str:
    return gettext("You have no orders yet.")


def heading(count: int) -> str:
    return ngettext("*Your order*", "*Your latest %(count)s orders*", count) % {"count": count}


def line(index: int, code: str, status: str, title: str, labels: Sequence[str]) -> str:
    return f"{index}. *{code}* ({status_word(status)}) {plain(title)}: {numbers(labels, most=6)}"


def list_button() -> str:
    return pgettext("button", "See orders")


def row_title(code: str, status: str) -> str:
    return f"{code} {status_word(status)}"


def row_description(title: str, labels: Sequence[str]) -> str:
    return f"{plain(title)}: {numbers(labels, most=8)}"


def details(
    *, code: str, status: str, title: str, labels: Sequence[str], total_minor: int, currency: str
) -> str:
    return "\n".join(
        (
            gettext("Order *%(code)s*: %(status)s") % {"code": code, "status": status_word(status)},
            plain(title),
            ngettext("Number: %(numbers)s", "Numbers: %(numbers)s", len(labels))
            % {"numbers": numbers(labels)},
            gettext("Total: *%(amount)s*") % {"amount": money(total_minor, currency)},
        )
    )


def draw_line(draw_at: datetime, zone: str) -> str:
    return gettext("Draw: %(when)s") % {"when": day_and_time(draw_at, zone)}


def under_review(code: str) -> str:
    return gettext(
        "Thank you! We received your receipt for order *%(code)s*. It is under review; we will tell you here."
    ) % {"code": code}


def one_more_receipt(code: str) -> str:
    return gettext("Thank you, we added it to order *%(code)s*. It is under review.") % {"code": code}


def late_receipt(code: str) -> str:
    return gettext(
        "Thank you! The time for order *%(code)s* had run out, "
        "so a person will look at your payment and write to you here."
    ) % {"code": code}


def which_order() -> str:
    return gettext("Thank you! Which order is this receipt for?")


def no_order_for_receipt() -> str:
    return gettext(
        "Thank you, but no order of yours waits for a receipt. If you paid, a person can look at it."
    )


def send_receipt() -> str:
    return gettext("If you have paid already, send a photo or PDF of the receipt here.")


def receipt_refused(problem: str, limit_mb: int) -> str:
    reasons = {
        "kind": gettext("I can only take a photo (JPEG, PNG, WebP) or a PDF. Please send the receipt again."),
        "size": gettext("That file is larger than %(limit)s MB. Please send a smaller photo of the receipt.")
        % {"limit": limit_mb},
        "empty": gettext("That file is empty or damaged. Please send the receipt again."),
        "gone": gettext("I could not open that file. Please send the receipt again."),
        "unreached": gettext(
            "WhatsApp did not give us that file. Please send the receipt again in a few minutes."
        ),
        "many": gettext("This order has enough receipts already; a person will look at them."),
    }
    return reasons.get(problem, reasons["gone"])


def paid(*, code: str, title: str, labels: Sequence[str], draw_at: datetime, zone: str) -> str:
    return "\n".join(
        (
            gettext("*Payment confirmed!* ✅ Order %(code)s") % {"code": code},
            plain(title),
            ngettext("Your number: *%(numbers)s*", "Your numbers: *%(numbers)s*", len(labels))
            % {"numbers": numbers(labels)},
            draw_line(draw_at, zone),
            gettext("Good luck! 🍀"),
        )
    )


def surplus(amount_minor: int, currency: str) -> str:
    return gettext("%(amount)s more came than it costs; that stays in your favor.") % {
        "amount": money(amount_minor, currency)
    }


def short(
    *,
    code: str,
    came_minor: int,
    missing_minor: int,
    currency: str,
    until: datetime,
    zone: str,
    now: datetime,
) -> str:
    return gettext(
        "We received %(came)s for order *%(code)s*. *%(missing)s* is missing. Your numbers are held: "
        "please send the receipt of the rest here before %(deadline)s."
    ) % {
        "code": code,
        "came": money(came_minor, currency),
        "missing": money(missing_minor, currency),
        "deadline": deadline(until, zone, now),
    }


def kept(*, code: str, amount_minor: int, currency: str, gone: Sequence[str]) -> str:
    came = gettext("We received %(amount)s for order *%(code)s*, but too late.") % {
        "code": code,
        "amount": money(amount_minor, currency),
    }
    why = (
        ngettext(
            "Meanwhile this number went to somebody else: %(numbers)s.",
            "Meanwhile these numbers went to others: %(numbers)s.",
            len(gone),
        )
        % {"numbers": numbers(gone, most=20)}
        if gone
        else gettext("Its sale is over.")
    )
    return "\n".join((came, why, stays_yours()))


def recorded(*, amount_minor: int, currency: str) -> str:
    shown = {"amount": money(amount_minor, currency)}
    return "\n".join((gettext("We received a payment of yours: *%(amount)s*.") % shown, stays_yours()))


def stays_yours() -> str:
    return gettext(
        "Your money is safe and stands in your favor. A person can use it for other numbers or send it back."
    )


def kept_part(amount_minor: int, currency: str) -> str:
    return gettext("What you had paid, %(amount)s, stands in your favor.") % {
        "amount": money(amount_minor, currency)
    }


def rejected(*, code: str, reason: str, until: datetime, zone: str, now: datetime) -> str:
    return "\n".join(
        (
            gettext("We could not accept your receipt for order *%(code)s*:") % {"code": code},
            f"> {plain(reason)}",
            gettext("Your numbers are still held. Please send the right receipt here before %(deadline)s.")
            % {"deadline": deadline(until, zone, now)},
        )
    )


def questioned(*, code: str, question: str) -> str:
    return "\n".join(
        (
            gettext("About your receipt for order *%(code)s*:") % {"code": code},
            f"> {plain(question)}",
            gettext("Your numbers stay held. Please answer here."),
        )
    )


def expired(*, code: str, title: str, labels: Sequence[str]) -> str:
    return gettext(
        "The time for order *%(code)s* (%(title)s: %(numbers)s) ran out and its numbers are free again. "
        "Already paid? Send the receipt here."
    ) % {"code": code, "title": plain(title), "numbers": numbers(labels, most=20)}


def choose_again_button() -> str:
    return pgettext("button", "Choose again")


def cancelled_by_staff(*, code: str, reason: str) -> str:
    lines = [gettext("Order *%(code)s* was cancelled.") % {"code": code}]
    if reason.strip():
        lines.append(f"> {plain(reason)}")
    return "\n".join(lines)


def refunded(*, code: str, amount_minor: int, currency: str, reason: str) -> str:
    said = gettext("We will send you back %(amount)s for order *%(code)s*; its numbers are free again.") % {
        "code": code,
        "amount": money(amount_minor, currency),
    }
    return _with_reason(said, reason)


def refund_due(*, amount_minor: int, currency: str, reason: str) -> str:
    said = gettext("We will send you back %(amount)s.") % {"amount": money(amount_minor, currency)}
    return _with_reason(said, reason)


def refund_made(*, amount_minor: int, currency: str, reference: str) -> str:
    said = gettext("We sent you back *%(amount)s*.") % {"amount": money(amount_minor, currency)}
    if not reference.strip():
        return said
    return f"{said}\n" + gettext("Transfer: %(reference)s") % {"reference": plain(reference)}


def refund_dropped(*, amount_minor: int, currency: str, reason: str) -> str:
    said = gettext("We did not send back %(amount)s; it stands in your favor.") % {
        "amount": money(amount_minor, currency)
    }
    return _with_reason(said, reason)


def _with_reason(said: str, reason: str) -> str:
    return f"{said}\n> {plain(reason)}" if reason.strip() else said
