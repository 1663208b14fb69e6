"""What is said of paying: where to, how much, and what is waited for."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext, pgettext

from whatsapp.texts.showing import deadline, money

# Of what an organiser wrote: the reference and the deadline come after it and must not be cut off.
INSTRUCTIONS_LIMIT = 1_800


def how_to_pay(
    *,
    total_minor: int,
    currency: str,
    instructions: str,
    code: str,
    until: datetime,
    zone: str,
    now: datetime,
) -> str:
    return "\n".join(
        (
            gettext("To pay: *%(amount)s*") % {"amount": money(total_minor, currency)},
            "",
            instructions.strip()[:INSTRUCTIONS_LIMIT],
            "",
            gettext("Write this code as the reference: *%(code)s*") % {"code": code},
            gettext("Then send a photo or PDF of the receipt here before %(deadline)s.")
            % {"deadline": deadline(until, zone, now)},
        )
    )


def confirm_first() -> str:
    return gettext("Confirm it first; then I tell you how to pay.")


def how_to_pay_button() -> str:
    return pgettext("button", "How to pay")


def pay_later(code: str, until: datetime, zone: str, now: datetime) -> str:
    return gettext(
        "All right. Order *%(code)s* waits for your receipt until %(deadline)s; "
        "then its numbers are free again."
    ) % {
        "code": code,
        "deadline": deadline(until, zone, now),
    }


def waiting_for_receipt(
    *, code: str, amount_minor: int, currency: str, until: datetime, zone: str, now: datetime
) -> str:
    return gettext(
        "Order *%(code)s*: please send a photo or PDF of the receipt for *%(amount)s* before %(deadline)s."
    ) % {"code": code, "amount": money(amount_minor, currency), "deadline": deadline(until, zone, now)}
