"""What a notice gives its wording: values in the active language, as the usual message shows them.

Deadlines are whole days and times: a template may be read long after it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext

from whatsapp.messages import TemplateCall
from whatsapp.texts.showing import day_and_time, money, numbers, plain

NUMBERS_SHOWN = 20


def order_paid(
    *,
    code: str,
    title: str,
    labels: Sequence[str],
    draw_at: datetime,
    zone: str,
    surplus_minor: int,
    currency: str,
) -> TemplateCall:
    values = {
        "code": code,
        "title": plain(title),
        "numbers": numbers(labels),
        "draw": day_and_time(draw_at, zone),
    }
    if not surplus_minor:
        return TemplateCall("order_paid", values)
    return TemplateCall("order_paid_surplus", {**values, "surplus": money(surplus_minor, currency)})


def payment_short(
    *, code: str, came_minor: int, missing_minor: int, currency: str, until: datetime, zone: str
) -> TemplateCall:
    values = {
        "code": code,
        "amount": money(came_minor, currency),
        "missing": money(missing_minor, currency),
        "deadline": day_and_time(until, zone),
    }
    return TemplateCall("payment_short", values)


def proof_rejected(*, code: str, reason: str, until: datetime, zone: str) -> TemplateCall:
    values = {"code": code, "reason": plain(reason), "deadline": day_and_time(until, zone)}
    return TemplateCall("proof_rejected", values)


def proof_questioned(*, code: str, question: str) -> TemplateCall:
    return TemplateCall("proof_questioned", {"code": code, "reason": plain(question)})


def order_expired(
    *, code: str, title: str, labels: Sequence[str], kept_minor: int, currency: str
) -> TemplateCall:
    values = {"code": code, "title": plain(title), "numbers": numbers(labels, most=NUMBERS_SHOWN)}
    if not kept_minor:
        return TemplateCall("order_expired", values)
    return TemplateCall("order_expired_kept", {**values, "kept": money(kept_minor, currency)})


def order_cancelled(*, code: str, reason: str, kept_minor: int, currency: str) -> TemplateCall:
    values = {"code": code, "reason": plain(reason)}
    if not kept_minor:
        return TemplateCall("order_cancelled", values)
    return TemplateCall("order_cancelled_kept", {**values, "kept": money(kept_minor, currency)})


def credit_kept(*, code: str, amount_minor: int, currency: str, gone: Sequence[str]) -> TemplateCall:
    why = (
        ngettext(
            "Meanwhile this number went to somebody else: %(numbers)s.",
            "Meanwhile these numbers went to others: %(numbers)s.",
            len(gone),
        )
        % {"numbers": numbers(gone, most=NUMBERS_SHOWN)}
        if gone
        else gettext("Its sale is over.")
    )
    return TemplateCall("credit_kept", {"code": code, "amount": money(amount_minor, currency), "reason": why})


def credit_recorded(*, amount_minor: int, currency: str) -> TemplateCall:
    return TemplateCall("credit_recorded", {"amount": money(amount_minor, currency)})


def order_refunded(*, code: str, amount_minor: int, currency: str, reason: str) -> TemplateCall:
    values = {"code": code, "amount": money(amount_minor, currency), "reason": plain(reason)}
    return TemplateCall("order_refunded", values)


def refund_due(*, amount_minor: int, currency: str, reason: str) -> TemplateCall:
    values = {"amount": money(amount_minor, currency), "reason": plain(reason)}
    return TemplateCall("refund_due", values)


def refund_made(*, amount_minor: int, currency: str, reference: str) -> TemplateCall:
    values = {"amount": money(amount_minor, currency), "reference": plain(reference)}
    return TemplateCall("refund_made", values)


def refund_dropped(*, amount_minor: int, currency: str, reason: str) -> TemplateCall:
    values = {"amount": money(amount_minor, currency), "reason": plain(reason)}
    return TemplateCall("refund_dropped", values)


def draw_won(*, title: str, labels: Sequence[str], prize: str, until: datetime, zone: str) -> TemplateCall:
    values = {**_prize(title, labels, prize), "deadline": day_and_time(until, zone)}
    return TemplateCall("draw_won", values)


def draw_not_won(*, title: str, result: str, link: str) -> TemplateCall:
    return TemplateCall("draw_not_won", {"title": plain(title), "result": result, "link": link})


def prize_passed_on(
    *, title: str, labels: Sequence[str], prize: str, until: datetime, zone: str
) -> TemplateCall:
    values = {**_prize(title, labels, prize), "deadline": day_and_time(until, zone)}
    return TemplateCall("prize_passed_on", values)


def prize_lost(*, title: str, labels: Sequence[str], prize: str) -> TemplateCall:
    return TemplateCall("prize_lost", _prize(title, labels, prize))


def prize_handed_over(*, title: str, labels: Sequence[str], prize: str) -> TemplateCall:
    return TemplateCall("prize_handed_over", _prize(title, labels, prize))


def rule_changed(*, title: str, reason: str, draw_at: datetime, zone: str, link: str) -> TemplateCall:
    values = {
        "title": plain(title),
        "reason": plain(reason),
        "draw": day_and_time(draw_at, zone),
        "link": link,
    }
    return TemplateCall("rule_changed", values)


def draw_called_off(*, title: str, reason: str, link: str) -> TemplateCall:
    return TemplateCall("draw_called_off", {"title": plain(title), "reason": plain(reason), "link": link})


def _prize(title: str, labels: Sequence[str], prize: str) -> dict[str, str]:
    return {"title": plain(title), "number": numbers(labels, most=NUMBERS_SHOWN), "prize": plain(prize)}
