"""The sentences with which an order ends before it is paid."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext, pgettext

from whatsapp.texts.showing import numbers


def nothing_to_confirm() -> str:
    return gettext("There is nothing to confirm right now. What would you like to do?")


def nothing_to_cancel() -> str:
    return gettext("There is nothing to cancel. What would you like to do?")


def hold_ran_out(code: str) -> str:
    return gettext("The time for order %(code)s ran out and its numbers are free again.") % {"code": code}


def cancelled(code: str) -> str:
    return gettext("Order %(code)s is cancelled and its numbers are free again.") % {"code": code}


def really_cancel(code: str, labels: Sequence[str]) -> str:
    return gettext("Cancel order *%(code)s* (%(numbers)s)?") % {
        "code": code,
        "numbers": numbers(labels, most=20),
    }


def which_to_cancel() -> str:
    return gettext("Which one shall I cancel? Open it and write *cancel*.")


def yes_cancel_button() -> str:
    return pgettext("button", "Yes, cancel it")


def keep_button() -> str:
    return pgettext("button", "No, keep it")


def cancel_needs_person(code: str) -> str:
    return gettext(
        "Order *%(code)s* already has your receipt, so a person must look at it. We have told them."
    ) % {"code": code}
