"""Decisions whose time to be undone is over are carried out, each alone.

1. the verdict is marked by its old status, so that of two workers, or of a worker and an undo, one wins;
2. the order is still what the reviewer saw;
3. the action of its kind runs in the same transaction; refused, nothing of it stays but the reason;
4. one that breaks holds no other up: it is tried again, and then given back with words to all staff.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from raffles.desk.errors import OrderChanged
from raffles.desk.models import StaffNotification, Verdict
from raffles.desk.words import told_to
from raffles.sales.actions import ask_for_proof, confirm_payment, pay_with_credit, reject_proof
from raffles.sales.errors import Refusal, SecondPersonNeeded, UnitsNotHeld
from raffles.sales.lifecycle import locked_order
from raffles.sales.queries import stamp_of

logger = logging.getLogger(__name__)

Kind, Status = Verdict.Kind, Verdict.Status
MOST_AT_ONCE = 200
# What breaks for a moment, as a database that is away, is over by then; every decision of others asks again.
MOST_TRIES, REST = 3, timedelta(seconds=30)


def carry_out_due(*, now: datetime) -> int:
    """Returns how many were closed; what was refused says why to its reviewer."""
    due = Verdict.objects.filter(status=Status.PLANNED, due_at__lte=now).filter(_rested(now))
    ids = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_try(verdict_id, now) for verdict_id in ids)


def _rested(now: datetime) -> Q:
    return reduce(or_, (Q(tries=tries, due_at__lte=now - tries * REST) for tries in range(MOST_TRIES)))


def _try(verdict_id: int, now: datetime) -> bool:
    try:
        return _carry_out(verdict_id, now)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others are carried out
        # Where it broke, and no more: what an error says of itself may hold what a player wrote.
        place = traceback.extract_tb(error.__traceback__)[-1]
        told = (verdict_id, type(error).__name__, place.filename, place.lineno)
        logger.error("decision %s broke with %s at %s:%s", *told)
        return _broken(verdict_id, now)


def _broken(verdict_id: int, now: datetime) -> bool:
    """The order comes back to the queue: whoever decided reads it there, and the bell tells everybody."""
    with transaction.atomic():
        Verdict.objects.filter(pk=verdict_id, status=Status.PLANNED).update(tries=F("tries") + 1)
        verdict = Verdict.objects.select_related("order").get(pk=verdict_id)
        if verdict.tries < MOST_TRIES or not _refused(verdict, _broken_in_words(verdict), now):
            return False
        _tell_staff(verdict, now)
        return True


def _broken_in_words(verdict: Verdict) -> str:
    with override(verdict.language or settings.LANGUAGE_CODE):
        return _("it could not be carried out and nothing was done: decide again, or tell the technician")


def _tell_staff(verdict: Verdict, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("A decision could not be carried out: the order is back in the queue. Decide it again.")
    kind = StaffNotification.Kind.DECISION_FAILED
    alert_staff(kind=kind, subject=f"verdict:{verdict.pk}", text=text, order=verdict.order, now=now)


def _carry_out(verdict_id: int, now: datetime) -> bool:
    try:
        return _done(verdict_id, now)
    except (Refusal, UnitsNotHeld) as refusal:
        verdict = Verdict.objects.select_related("order", "by").get(pk=verdict_id)
        return _refused(verdict, _why(verdict, refusal), now)


def _why(verdict: Verdict, refusal: Refusal | UnitsNotHeld) -> str:
    """In words at once: what a refusal tells of may be over when its reviewer reads it."""
    with override(verdict.language or settings.LANGUAGE_CODE):
        if isinstance(refusal, UnitsNotHeld):
            return _("it does not hold what it charges for; tell the technician")
        if isinstance(refusal, SecondPersonNeeded):  # the raffle was changed meanwhile
            return _("it needs the word of two people now: decide again")
        return told_to(verdict.by, refusal, currency=verdict.order.currency)


def _done(verdict_id: int, now: datetime) -> bool:
    with transaction.atomic():
        planned = Verdict.objects.filter(pk=verdict_id, status=Status.PLANNED)
        if not planned.update(status=Status.DONE, closed_at=now):
            return False
        verdict = Verdict.objects.select_related("by").get(pk=verdict_id)
        order = locked_order(verdict.order_id)
        if stamp_of(order) != verdict.seen:
            raise OrderChanged(order.code)
        ACTS[verdict.kind](verdict, now)
        return True


def _refused(verdict: Verdict, words: str, now: datetime) -> bool:
    planned = Verdict.objects.filter(pk=verdict.pk, status=Status.PLANNED)
    return bool(planned.update(status=Status.REFUSED, closed_at=now, outcome=words[:500]))


def _confirm(verdict: Verdict, now: datetime) -> object:
    given = verdict.given
    return confirm_payment(
        order_id=verdict.order_id,
        by=verdict.by,
        amount_minor=given["amount_minor"],
        method=given["method"],
        reference=given["reference"],
        reason=given.get("why", ""),
        now=now,
    )


def _reject(verdict: Verdict, now: datetime) -> object:
    return reject_proof(order_id=verdict.order_id, by=verdict.by, reason=verdict.given["words"], now=now)


def _credit(verdict: Verdict, now: datetime) -> object:
    return pay_with_credit(order_id=verdict.order_id, by=verdict.by, now=now)


def _ask(verdict: Verdict, now: datetime) -> object:
    return ask_for_proof(order_id=verdict.order_id, by=verdict.by, question=verdict.given["words"], now=now)


ACTS: dict[str, Callable[[Verdict, datetime], Any]] = {
    Kind.CONFIRM: _confirm,
    Kind.REJECT: _reject,
    Kind.CREDIT: _credit,
    Kind.ASK: _ask,
}
