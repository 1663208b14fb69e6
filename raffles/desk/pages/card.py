"""One order on the desk: what should have been paid, what came, and what can be decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from raffles.desk.leases import name_of
from raffles.desk.models import Card, Verdict
from raffles.desk.pages.deciding import why_only_looks
from raffles.desk.pages.forms import ASK, ConfirmFields, sentences
from raffles.desk.pages.outcomes import late_in_words
from raffles.desk.pages.receipts import receipts_of
from raffles.desk.pages.rows import orders_before
from raffles.desk.pages.waits import questions_to
from raffles.sales.admin import reasons
from raffles.sales.admin.additions import glances, links_of_order
from raffles.sales.admin.decisions import CONFIRM, CREDIT, REJECT
from raffles.sales.admin.order_page import credit_shown, time_left
from raffles.sales.admin.showing import money
from raffles.sales.approvals import approvals_that_count
from raffles.sales.lifecycle import lost_to_others
from raffles.sales.models import Order
from raffles.sales.queries import missing_of, stamp_of

Status = Order.Status


def card_of(order: Order, *, user: User, now: datetime) -> dict[str, Any]:
    lease = Card.objects.filter(order=order, lease_until__gt=now).select_related("reviewer").first()
    reviewer = lease.reviewer if lease else None
    is_mine = reviewer == user
    planned = Verdict.objects.filter(order=order, status=Verdict.Status.PLANNED).select_related("by").first()
    is_open = order.status == Status.UNDER_REVIEW and planned is None
    return {
        "order": order,
        "glance": glances([order])[order.pk],
        "amount": money(order.total_minor, order.currency),
        "missing": _missing(order),
        "left": time_left(order, now),
        "receipts": receipts_of(order, user),
        "before": orders_before(order, user),
        "credit": credit_shown(order, user),
        "related": list(links_of_order(order, user)),
        "seen": stamp_of(order),
        "reviewer": reviewer,
        "reviewer_name": name_of(reviewer) if reviewer else "",
        "opened_at": lease.opened_at if lease else None,
        "is_mine": is_mine,
        "only_looks": why_only_looks(user),
        "planned_by": name_of(planned.by) if planned else "",
        "is_open": is_open,
        "approvals": _approvals(order),
        "asked": questions_to([order]).get(order.pk) if is_open else None,
        "lost": _lost(order, now) if is_open else "",
        **(_decisions(order, user) if is_open else {}),
    }


def _missing(order: Order) -> str:
    """Shown where it is not simply the total."""
    missing = missing_of(order)
    return "" if missing == order.total_minor else money(max(missing, 0), order.currency)


def _lost(order: Order, now: datetime) -> str:
    lost = lost_to_others(order, now)
    return late_in_words(lost) if lost else ""


def _approvals(order: Order) -> list[str]:
    return [
        _said(name_of(one.by), money(one.amount_minor, order.currency), one.reason)
        for one in approvals_that_count(order)
    ]


def _said(who: str, amount: str, why: str) -> str:
    words = _("%(who)s says that %(amount)s came") % {"who": who, "amount": amount}
    return f"{words}: “{why}”" if why else words


def _decisions(order: Order, user: User) -> dict[str, Any]:
    language = order.player.language
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    may_reject = REJECT.is_permitted(user)
    return {
        "confirm": ConfirmFields(order=order, user=user) if CONFIRM.is_permitted(user) else None,
        "reject": sentences(reasons.REJECT, spoken) if may_reject else None,
        "ask": sentences(ASK, spoken) if may_reject else None,
        "may_credit": CREDIT.is_permitted(user) and CREDIT.is_open_for(order),
        "language": get_language_info(spoken)["name_translated"],
    }
