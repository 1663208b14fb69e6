"""What staff read of a finding; the one place that says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from raffles.evidence.findings import OF_ANOTHER, Finding, FindingKind, Sheet
from raffles.evidence.queries import needs_reason
from raffles.sales.models import Order


def in_words(finding: Finding) -> str:
    if finding.kind in OF_ANOTHER and not finding.order_code:
        return _of_a_stranger(finding.kind)
    code = {"code": finding.order_code}
    match finding.kind:
        case FindingKind.SAME_FILE:
            return _("The same file came for order %(code)s") % code
        case FindingKind.SAME_PICTURE:
            return _("Shows the same receipt as order %(code)s") % code
        case FindingKind.SAME_REFERENCE:
            return _("Order %(code)s has the same transfer number") % code
        case _:
            return _of_itself(finding.kind)


def _of_a_stranger(kind: FindingKind) -> str:
    """Of a raffle that is not the reader's: enough to be careful, and nothing to look others up by."""
    known = {
        FindingKind.SAME_FILE: _("The same file came for an order of another raffle"),
        FindingKind.SAME_PICTURE: _("Shows the same receipt as an order of another raffle"),
        FindingKind.SAME_REFERENCE: _("An order of another raffle has the same transfer number"),
    }
    return known[kind]


def _of_itself(kind: FindingKind) -> str:
    known = {
        FindingKind.AMOUNT_DIFFERS: _("The receipt seems to show another amount"),
        FindingKind.DATE_OLD: _("The receipt seems older than the order"),
        FindingKind.UNREADABLE: _(
            "The file cannot be read: look at the original with care, or ask for another"
        ),
        FindingKind.FORWARDED: _("The receipt was forwarded to the player by somebody else"),
    }
    return known[kind]


def more_pages_in_words(sheet: Sheet) -> str:
    return (
        _("%(count)d more pages, only in the original") % {"count": sheet.more_pages}
        if sheet.more_pages
        else ""
    )


def text_in_words(sheet: Sheet) -> str:
    """Why nothing was read of the words, or nothing when it was."""
    known = {
        "ABSENT": _("No text reader is installed: the words of the receipt were not compared"),
        "FAILED": _("The words of the receipt could not be read"),
    }
    return known.get(sheet.ocr, "") if sheet.status == "READ" else ""


def doubts_in_words(order: Order, user: Any) -> list[str]:
    """For the form on which an order is confirmed."""
    return [in_words(finding) for finding in needs_reason(order, user=user)]
